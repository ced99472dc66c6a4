import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { Page, ROOT } from './readme.js';

const LOADER = join(ROOT, 'test/support/fleet-typescript.mjs');

/** What a reader adds to the snippets: a root module, and a program that calls the app. */
const ADDED = `
@Module({
  imports: [AppModule],
  controllers: [PaymentsController],
  providers: [PaymentsService],
})
class RootModule {}

const { NestFactory } = await import('@nestjs/core');
const app = await NestFactory.create(RootModule, { logger: false });
await app.listen(0, '127.0.0.1');
const response = await fetch(\`\${await app.getUrl()}/payments/payment-1\`);
const { firstValueFrom } = await import('rxjs');
await firstValueFrom(app.get(PaymentsService).refund('payment-2', 'changed my mind', 1));
console.log(JSON.stringify({ status: response.status, payment: await response.json() }));
await app.close();
`;

/** The README's module, service and controller as one program that runs in a folder with an .env. */
async function programOf(readme: string, folder: string): Promise<string> {
  const { snippets } = await Page.read(readme);
  const codeWith = (text: string) =>
    snippets.find(({ code }) => code.includes(text))!.code;
  const module = codeWith('ConfigModule.forRoot').replace(
    /(apiSecret: .*)\n/,
    "$1\n    baseURL: config.get('PORTONE_API_BASE_URL'),\n",
  );
  const controller = codeWith('@UseGuards(StaffGuard)')
    .replace(/declare class PaymentsService \{.*?^\}/ms, '')
    .replace(
      /declare class StaffGuard .*?^\}/ms,
      'class StaffGuard { canActivate() { return true; } }',
    );
  const body = [module, codeWith('class PaymentsService'), controller, ADDED];
  const { outputText } = ts.transpileModule(
    `import 'reflect-metadata';\nprocess.chdir(${JSON.stringify(folder)});\n${body.join('\n')}`,
    {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    },
  );
  return outputText;
}

describe.each(['README.md', 'README.ko.md'])(
  'An app with the code of %s',
  (readme) => {
    let portone: PortOneEmulator;
    let folder: string;

    beforeAll(async () => {
      portone = await PortOneEmulator.start();
      folder = await mkdtemp(join(tmpdir(), 'first-app-'));
      const { apiSecret, url } = portone;
      await writeFile(
        join(folder, '.env'),
        `PORTONE_API_SECRET=${apiSecret}\nPORTONE_API_BASE_URL=${url}\n`,
      );
    });
    afterAll(async () => {
      await portone.stop();
      await rm(folder, { recursive: true });
    });

    it('reads and refunds payments of the emulator', async () => {
      const program = await programOf(readme, folder);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', LOADER, '--input-type=module', '-e', program],
        { cwd: ROOT, env: { PATH: process.env['PATH'] } },
      );
      expect(JSON.parse(stdout)).toMatchObject({
        status: 200,
        payment: { id: 'payment-1', status: 'PAID' },
      });
      expect(portone.calls.tokens).toBe(1);
      const refund = portone.calls.requests.at(-1);
      expect(refund).toMatchObject({ method: 'POST', status: 200 });
      expect(refund?.headers['idempotency-key']).toBe('"refund:payment-2:1"');
    }, 60_000);
  },
);
