import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const run = promisify(execFile);

/** One version of a package, with a function that makes its archive. */
interface Version {
  readonly manifest: { readonly name: string; readonly version: string };
  archive(): Promise<Buffer>;
}

/** An npm registry on 127.0.0.1. It serves only packages that are installed on this machine. */
export class LoopbackRegistry {
  readonly #versions = new Map<string, Version[]>();
  readonly #server: Server;
  #url = '';

  private constructor(private readonly folder: string) {
    this.#server = createServer((request, response) => {
      this.#answer(decodeURIComponent(request.url ?? '/')).then(
        (body) => response.writeHead(body ? 200 : 404).end(body ?? '{}'),
        () => response.writeHead(500).end('{}'),
      );
    });
  }

  static async start(): Promise<LoopbackRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'registry-'));
    const registry = new LoopbackRegistry(folder);
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    const { port } = registry.#server.address() as AddressInfo;
    registry.#url = `http://127.0.0.1:${port}`;
    return registry;
  }

  /** The environment for npm: it then uses this registry, and a cache of its own. */
  get env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.folder,
      npm_config_registry: this.#url,
      npm_config_cache: join(this.folder, 'cache'),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
  }

  /** Serves the wanted packages of a `node_modules` folder, also from the nested `node_modules` folders. */
  addInstalled(
    modules: string,
    isWanted: (name: string) => boolean = () => true,
  ): void {
    for (const name of packageNames(modules).filter(isWanted)) {
      const path = join(modules, name);
      const manifest = manifestOf(path);
      if (manifest) this.#add({ manifest, archive: () => this.#pack(path) });
      this.addInstalled(join(path, 'node_modules'), isWanted);
    }
  }

  /** Serves an archive that `npm pack` made. */
  addArchive(manifest: Version['manifest'], path: string): void {
    this.#add({ manifest, archive: () => readFile(path) });
  }

  /** Serves an empty package instead of a real one, for tools of a project that the test does not run. */
  addEmpty(name: string, range: string): void {
    const version = range.replace(/^[^\d]*/, '');
    const manifest = { name, version };
    const archive = async () => {
      const path = await mkdtemp(join(this.folder, 'empty-'));
      await writeFile(join(path, 'package.json'), JSON.stringify(manifest));
      return this.#pack(path);
    };
    this.#versions.set(name, [{ manifest, archive }]);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.folder, { recursive: true });
  }

  #add(version: Version): void {
    const { name } = version.manifest;
    const known = this.#versions.get(name) ?? [];
    const isKnown = known.some(
      ({ manifest }) => manifest.version === version.manifest.version,
    );
    if (!isKnown) this.#versions.set(name, [...known, version]);
  }

  async #answer(path: string): Promise<string | Buffer | undefined> {
    const [, name = '', version] =
      /^\/(.+?)(?:\/-\/(.+)\.tgz)?$/.exec(path) ?? [];
    const known = this.#versions.get(name);
    if (version) {
      const found = known?.find(({ manifest }) => manifest.version === version);
      return found?.archive();
    }
    if (!known) return undefined;
    const versions = known.map(({ manifest }) => [
      manifest.version,
      {
        ...manifest,
        devDependencies: {},
        dist: { tarball: `${this.#url}/${name}/-/${manifest.version}.tgz` },
      },
    ]);
    const latest = known.at(0)?.manifest.version;
    return JSON.stringify({
      name,
      'dist-tags': { latest },
      versions: Object.fromEntries(versions),
    });
  }

  /** Makes an archive as npm does, with all files under `package/`. Compresses little, because the archive stays on this machine. */
  async #pack(path: string): Promise<Buffer> {
    const folder = await mkdtemp(join(this.folder, 'pack-'));
    await mkdir(folder, { recursive: true });
    await symlink(path, join(folder, 'package'));
    const { stdout } = await run(
      'tar',
      [
        '-chf',
        '-',
        '-C',
        folder,
        '--exclude',
        'package/node_modules',
        'package',
      ],
      { encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 },
    );
    return promisify<Buffer, { level: number }, Buffer>(gzip)(stdout, {
      level: 1,
    });
  }
}

function packageNames(modules: string): string[] {
  return namesIn(modules).flatMap((name) =>
    name.startsWith('@')
      ? namesIn(join(modules, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

function manifestOf(path: string): Version['manifest'] | undefined {
  try {
    const text = readFileSync(join(path, 'package.json'), 'utf8');
    const manifest = JSON.parse(text) as Partial<Version['manifest']>;
    return manifest.name && manifest.version
      ? (manifest as Version['manifest'])
      : undefined;
  } catch {
    return undefined;
  }
}
