import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The files that the build and `npm pack` need. */
const PACKED = [
  'lib',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  '.rolldown.config.mjs',
  'README.md',
  'README.ko.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs',
  'llms.txt',
  'LICENSE',
];

/** The parts of package.json that the tests read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly typesVersions: { readonly '*': Readonly<Record<string, unknown>> };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<
    Record<string, { readonly optional?: boolean }>
  >;
}

/** The package as npm would publish it, unpacked beside its required peers and nothing else. */
export class Tarball {
  private constructor(
    /** A project that has installed the package. */
    readonly project: string,
    readonly manifest: Manifest,
    /** The `node_modules` that its dependencies and peers are linked from. */
    private readonly modules: string,
  ) {}

  /** `beside` is a folder in which the peers are installed. */
  static async install(beside = ROOT): Promise<Tarball> {
    const project = await mkdtemp(join(tmpdir(), 'packed-'));
    try {
      const manifest = JSON.parse(
        await readFile(join(ROOT, 'package.json'), 'utf8'),
      ) as Manifest;
      const modules = join(beside, 'node_modules');
      const tarball = new Tarball(project, manifest, modules);
      await mkdir(tarball.folder, { recursive: true });
      const into = ['-C', tarball.folder, '--strip-components=1'];
      await run('tar', ['-xzf', await pack(project, manifest), ...into]);
      for (const name of tarball.installedWithIt) await tarball.link(name);
      return tarball;
    } catch (error) {
      await rm(project, { recursive: true });
      throw error;
    }
  }

  /** The path of the archive that npm would upload. */
  get archive(): string {
    const { name, version } = this.manifest;
    return join(this.project, `${name}-${version}.tgz`);
  }

  get folder(): string {
    return join(this.project, 'node_modules', this.manifest.name);
  }

  /** The dependencies, and the peers that npm installs automatically. */
  get installedWithIt(): string[] {
    const { dependencies, peerDependencies, peerDependenciesMeta } =
      this.manifest;
    return [
      ...Object.keys(dependencies),
      ...Object.keys(peerDependencies).filter(
        (name) => !peerDependenciesMeta?.[name]?.optional,
      ),
    ];
  }

  /** The peers that only a subpath needs. */
  get optionalPeers(): string[] {
    return Object.keys(this.manifest.peerDependenciesMeta ?? {});
  }

  /** `nestjs-portone-auth`, `nestjs-portone-auth/testing` and so on. */
  get entries(): string[] {
    return Object.keys(this.manifest.exports)
      .filter((subpath) => subpath !== './package.json')
      .map((subpath) => join(this.manifest.name, subpath));
  }

  /** Runs a script in a Node process inside the project. Parses what it printed as JSON. */
  async evaluate(
    type: 'module' | 'commonjs',
    script: string,
  ): Promise<unknown> {
    const { stdout } = await run(
      process.execPath,
      ['--no-warnings', `--input-type=${type}`, '--eval', script],
      { cwd: this.project, env: {} },
    );
    return JSON.parse(stdout);
  }

  remove(): Promise<void> {
    return rm(this.project, { recursive: true });
  }

  /** Installs one more package. */
  async link(name: string): Promise<void> {
    const path = join(this.project, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(join(this.modules, name), path);
  }
}

/** Packs a copy of the repository, because several specs pack at the same time. Returns the path of the archive. */
async function pack(
  project: string,
  { name, version }: Manifest,
): Promise<string> {
  const source = join(project, 'source');
  await mkdir(source);
  for (const part of PACKED)
    await cp(join(ROOT, part), join(source, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  await run('npm', ['pack', '--pack-destination', project], { cwd: source });
  await rm(source, { recursive: true });
  return join(project, `${name}-${version}.tgz`);
}
