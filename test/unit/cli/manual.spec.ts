import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { doctor } from '../../../lib/cli/doctor/doctor.command.js';
import { emulator } from '../../../lib/cli/emulator/emulator.command.js';
import { whoami } from '../../../lib/cli/whoami/whoami.command.js';

it.each(['docs/command-line.md', 'docs/ko/command-line.md'])(
  '%s names exactly the commands and options that exist',
  async (file) => {
    const text = await readFile(file, 'utf8');
    const commands = [emulator, whoami, doctor];
    for (const { name } of commands)
      expect(text).toContain(`npx nestjs-portone-auth ${name}`);
    const known = commands.flatMap(({ options }) => Object.keys(options));
    const ofOthers = ['help', 'dry-run'];
    const named = [...text.matchAll(/(?<=[\s`'])--([a-z][a-z-]*)/g)].map(
      ([, option]) => option!,
    );
    expect([...new Set([...named, ...ofOthers])].sort()).toEqual(
      [...new Set([...known, ...ofOthers])].sort(),
    );
  },
);
