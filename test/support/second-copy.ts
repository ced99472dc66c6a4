import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as ours from '../../lib/index.js';

/** What a copy of the package exports. */
export type Copy = typeof ours;

/** Loads the package a second time, from another folder. */
export async function loadSecondCopy(): Promise<{
  theirs: Copy;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'second-copy-'));
  await cp('lib', join(folder, 'lib'), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return {
    theirs: (await import(join(folder, 'lib/index.ts'))) as Copy,
    remove: () => rm(folder, { recursive: true }),
  };
}
