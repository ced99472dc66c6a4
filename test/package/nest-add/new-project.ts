import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { LoopbackRegistry } from '../../support/loopback-registry.js';
import { ROOT } from '../readme.js';

const run = promisify(execFile);

export interface Kind {
  readonly nest: 11 | 12;
  readonly type: 'cjs' | 'esm';
}

/** Of the generated tools, those that the test runs; the others are served empty. */
const NEEDED = ['typescript', '@types/node', '@nestjs/schematics'];

const CONTROLLER = `import { Controller, Get } from '@nestjs/common';
import { PortOneHttpService } from 'nestjs-portone-auth';
import { map } from 'rxjs';

@Controller()
export class AppController {
  constructor(private readonly http: PortOneHttpService) {}

  @Get()
  find() {
    return this.http.get('/payments/payment-1').pipe(map(({ data }) => data));
  }
}
`;

/** A project as `nest new` generates it, by the schematic that `nest new` runs; installed from a registry on loopback. */
export class NewProject {
  private constructor(
    private readonly folder: string,
    /** The `node_modules` that has this version of Nest. */
    private readonly modules: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async generate(
    { nest, type }: Kind,
    registry: LoopbackRegistry,
  ): Promise<NewProject> {
    const modules = join(
      ROOT,
      nest === 12 ? '' : 'test/nest-11',
      'node_modules',
    );
    const parent = await mkdtemp(join(tmpdir(), 'nest-add-'));
    const schematics = join(
      modules,
      '@angular-devkit/schematics-cli/bin/schematics.js',
    );
    const options = [
      '--name=shop',
      '--directory=shop',
      '--language=ts',
      '--strict',
      '--package-manager=npm',
    ];
    const ofTwelve = nest === 12 ? [`--type=${type}`, '--no-observe'] : [];
    await run(
      process.execPath,
      [schematics, '@nestjs/schematics:application', ...options, ...ofTwelve],
      { cwd: parent },
    );
    const project = new NewProject(join(parent, 'shop'), modules, registry.env);
    registry.addInstalled(modules);
    if (nest === 11) addBesideNest11(registry);
    await project.wantInstalled(registry);
    return project;
  }

  async install(): Promise<void> {
    await run('npm', ['install'], { cwd: this.folder, env: this.env });
  }

  /** Runs the Nest CLI in the project; what it printed. */
  async nest(...args: string[]): Promise<string> {
    // The CLI would hand over to the project's own, which is an empty one here.
    const local = join(this.folder, 'node_modules/@nestjs/cli');
    await rm(local, { recursive: true, force: true });
    const bin = join(this.modules, '@nestjs/cli/bin/nest.js');
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], {
      cwd: this.folder,
      env: this.env,
    });
    return stripVTControlCharacters(stdout + stderr);
  }

  /** Every file of the project by path; what is installed and locked aside. */
  async files(): Promise<Record<string, string>> {
    const paths = await readdir(this.folder, {
      recursive: true,
      withFileTypes: true,
    });
    const own = paths
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name).slice(this.folder.length + 1),
      )
      .filter((path) => !/^(node_modules|dist)\/|package-lock/.test(path));
    const texts = own.map(async (path) => [
      path,
      await readFile(join(this.folder, path), 'utf8'),
    ]);
    return Object.fromEntries(await Promise.all(texts));
  }

  /** Makes the generated controller answer with a payment of PortOne. */
  showPayment(): Promise<void> {
    return writeFile(join(this.folder, 'src/app.controller.ts'), CONTROLLER);
  }

  /** As `nest build`, without the types of the test runner, which is served empty. */
  async build(): Promise<void> {
    const tsc = join(this.folder, 'node_modules/typescript/bin/tsc');
    await run(
      process.execPath,
      [tsc, '-p', 'tsconfig.build.json', '--types', 'node'],
      { cwd: this.folder },
    ).catch(({ stdout }: { stdout: string }) =>
      Promise.reject(new Error(stdout)),
    );
  }

  /** Starts the built app, asks it once, and ends it. */
  async answerOf(env: NodeJS.ProcessEnv): Promise<unknown> {
    const port = await freePort();
    const main = ['dist/main.js', 'dist/src/main.js'].map((path) =>
      join(this.folder, path),
    );
    const app = spawn(
      process.execPath,
      [
        '-e',
        `import(${JSON.stringify(main[0])}).catch(() => import(${JSON.stringify(main[1])}))`,
      ],
      {
        cwd: this.folder,
        env: {
          PATH: process.env['PATH'],
          PORT: String(port),
          NO_COLOR: '1',
          ...env,
        },
      },
    );
    let log = '';
    for (const stream of [app.stdout, app.stderr])
      stream.on('data', (chunk) => (log += String(chunk)));
    try {
      for (;;) {
        // Nest says that it has started before it listens.
        const response = await fetch(`http://127.0.0.1:${port}/`).catch(
          () => undefined,
        );
        if (response) return await response.json();
        if (app.exitCode !== null) throw new Error(log);
        await setTimeout(100);
      }
    } finally {
      app.kill();
    }
  }

  remove(): Promise<void> {
    return rm(join(this.folder, '..'), { recursive: true });
  }

  /** The registry has one version of each package: the project wants that one. Tools that the test does not run are empty. */
  private async wantInstalled(registry: LoopbackRegistry): Promise<void> {
    const path = join(this.folder, 'package.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const { dependencies, devDependencies } = manifest;
    for (const wanted of [dependencies, devDependencies])
      for (const [name, range] of Object.entries(wanted))
        if (wanted === dependencies || NEEDED.includes(name))
          wanted[name] = `^${await this.installedVersion(name)}`;
        else registry.addEmpty(name, range);
    await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }

  private async installedVersion(name: string): Promise<string> {
    const path = join(this.modules, name, 'package.json');
    const { version } = JSON.parse(await readFile(path, 'utf8')) as {
      version: string;
    };
    return version;
  }
}

/** What npm asks for beside the packages of test/nest-11: newer versions, and optional peers. */
function addBesideNest11(registry: LoopbackRegistry): void {
  const modules = join(ROOT, 'node_modules');
  registry.addInstalled(modules, (name) => !name.startsWith('@nestjs/'));
  for (const name of ['microservices', 'swagger', 'websockets'])
    registry.addEmpty(`@nestjs/${name}`, '11.0.0');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
