import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const typescript = pathToFileURL('test/support/fleet-typescript.mjs').href;

it('A global ThrottlerGuard limits guarded routes, and these are still logged as open to every caller', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    typescript,
    resolve('test/e2e/permission/throttled-app.ts'),
  ]);
  const { statuses, warnings } = JSON.parse(stdout) as {
    statuses: number[];
    warnings: string[];
  };
  expect(statuses).toEqual([200, 200, 429]);
  expect(warnings).toEqual([
    expect.stringMatching(/\(ThrottlerGuard\).*: Payments\.list/),
  ]);
});
