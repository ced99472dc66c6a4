import { nestAdd } from '../../../lib/schematics/nest-add.js';
import type { Tree } from '../../../lib/schematics/tree.js';

/** The files of a project, by path. */
export type Files = Readonly<Record<string, string>>;

/** The result of a run: files, warnings and scheduled tasks. */
export interface Added {
  readonly files: Files;
  readonly warnings: string[];
  readonly tasks: object[];
}

export const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(3000);
}
bootstrap();
`;

export const APP_MODULE = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';

@Module({
  imports: [],
  controllers: [AppController],
})
export class AppModule {}
`;

export const MANIFEST = `{
  "name": "an-app",
  "dependencies": {
    "@nestjs/core": "^12.0.1",
    "rxjs": "^7.8.1"
  }
}
`;

/** A project as `nest new` makes it. `more` adds and replaces files; undefined removes one. */
export const project = (more: Record<string, string | undefined> = {}): Files =>
  Object.fromEntries(
    Object.entries({
      'package.json': MANIFEST,
      '.gitignore': '/node_modules\n.env\n',
      'src/main.ts': MAIN,
      'src/app.module.ts': APP_MODULE,
      ...more,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/**
 * Runs the schematic over files in memory, with the @nestjs/schematics of this repository. Jest cannot load the devkit's own tree on
 * Node 20; test/package/nest-add.spec.ts runs the real one.
 */
export async function add(files: Files, options = {}): Promise<Added> {
  const left = new Map(Object.entries(files));
  const warnings: string[] = [];
  const tasks: object[] = [];
  await nestAdd(options)(treeOf(left), {
    logger: { info: () => undefined, warn: (text) => warnings.push(text) },
    addTask: (task) => tasks.push(task.toConfiguration()),
  });
  return { files: Object.fromEntries(left), warnings, tasks };
}

/** Like the devkit's tree, it throws when `create` meets an existing file or `overwrite` a missing one. */
function treeOf(files: Map<string, string>): Tree {
  const write = (path: string, text: string, mustExist: boolean) => {
    if (files.has(path) !== mustExist) throw new Error(path);
    files.set(path, text);
  };
  return {
    exists: (path) => files.has(path),
    read: (path) => {
      const text = files.get(path.replace(/^\//, ''));
      return text === undefined ? null : Buffer.from(text);
    },
    create: (path, text) => write(path, text, false),
    overwrite: (path, text) => write(path, text, true),
    getDir: (folder) => ({
      visit: (visitor) => {
        for (const path of files.keys())
          if (path.startsWith(`${folder}/`)) visitor(`/${path}`);
      },
    }),
  };
}
