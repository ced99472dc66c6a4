import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './readme.js';

interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly purl: string } };
  readonly components: readonly { readonly name: string }[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

it('`npm run sbom` lists the dependencies that an app gets with the package, and no development tools', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'sbom'], {
    cwd: ROOT,
  });
  const bom = JSON.parse(stdout) as Bom;
  const { name, version, dependencies } = JSON.parse(
    await readFile(join(ROOT, 'package.json'), 'utf8'),
  ) as Manifest;
  expect(bom.bomFormat).toBe('CycloneDX');
  expect(bom.metadata.component.purl).toBe(`pkg:npm/${name}@${version}`);
  // jose has no dependencies. A new dependency, direct or indirect, fails here.
  expect(bom.components.map((component) => component.name)).toEqual(
    Object.keys(dependencies),
  );
});
