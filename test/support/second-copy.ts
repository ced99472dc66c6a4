import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as ours from '../../lib/index.js';

/** The exports of a copy of the package. */
export type Copy = typeof ours;

/** A second copy of the package, and a function that removes its folder. */
export interface SecondCopy {
  readonly theirs: Copy;
  readonly folder: string;
  remove(): Promise<void>;
}

/** Loads the package again from another folder. */
export async function loadSecondCopy(): Promise<SecondCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'second-copy-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return load(folder);
}

/** Like {@link loadSecondCopy}, but the copy also has its own copy of the package `name`. It shares all other packages with the app. */
export async function loadSecondCopyWithItsOwn(
  name: `@nestjs/${string}`,
): Promise<SecondCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'second-copy-'));
  await mkdir(join(folder, 'node_modules/@nestjs'), { recursive: true });
  for (const scope of ['', '@nestjs']) {
    for (const entry of await readdir(join('node_modules', scope))) {
      const path = join('node_modules', scope, entry);
      if (entry === '@nestjs') continue;
      await (path.endsWith(name)
        ? cp(path, join(folder, path), { recursive: true })
        : symlink(resolve(path), join(folder, path)));
    }
  }
  return load(folder);
}

async function load(folder: string): Promise<SecondCopy> {
  await cp('lib', join(folder, 'lib'), { recursive: true });
  return {
    folder,
    theirs: (await import(join(folder, 'lib/index.ts'))) as Copy,
    remove: () => rm(folder, { recursive: true }),
  };
}
