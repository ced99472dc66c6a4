import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { add, APP_MODULE, MAIN, project } from './added.js';

const IMPORTS = "import { Module } from '@nestjs/common';";
const REGISTERED = `AuthModule.forRootAsync({
      isGlobal: true,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        apiSecret: config.getOrThrow<string>('PORTONE_API_SECRET'),
        baseURL: config.get<string>('PORTONE_API_BASE_URL'),
      }),
    })`;

/** The root module after the schematic; fails when TypeScript cannot parse it, or has one property twice. */
async function moduleAfter(module: string, more: Record<string, string> = {}) {
  const { files, warnings } = await add(
    project({ 'src/app.module.ts': module, ...more }),
  );
  const text = files['src/app.module.ts']!;
  const { diagnostics } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { experimentalDecorators: true },
  });
  expect(diagnostics).toEqual([]);
  expect(
    text.match(/(?<!\.)\bimports\b(?=\s*[:,}])/g)?.length ?? 0,
  ).toBeLessThanOrEqual(text.includes('imports: [ConfigModule]') ? 2 : 1);
  return { text, warnings };
}

it('The generated root module gets ConfigModule and AuthModule, a line each', async () => {
  const { text } = await moduleAfter(APP_MODULE);
  expect(text).toBe(`import { Module } from '@nestjs/common';
import { AppController } from './app.controller';
import { AuthModule } from 'nestjs-portone-auth';
import { ConfigModule, ConfigService } from '@nestjs/config';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    ${REGISTERED},
  ],
  controllers: [AppController],
})
export class AppModule {}
`);
});

it.each([
  [
    'a list',
    'imports: [UsersModule],',
    'imports: [UsersModule, ConfigModule.forRoot(',
  ],
  [
    'a list of several lines',
    'imports: [\n    UsersModule,\n  ],',
    'UsersModule,\n    ConfigModule.forRoot(',
  ],
  ['a shorthand', 'imports,', 'imports: [...imports, ConfigModule.forRoot('],
  [
    'a shorthand at the end',
    'imports',
    'imports: [...imports, ConfigModule.forRoot(',
  ],
  [
    'a variable',
    'imports: MODULES,',
    'imports: [...MODULES, ConfigModule.forRoot(',
  ],
  [
    'an expression',
    'imports: [A].concat(B),',
    'imports: [...([A].concat(B)), ConfigModule.forRoot(',
  ],
  [
    'a quoted name',
    "'imports': [UsersModule],",
    "'imports': [UsersModule, ConfigModule.forRoot(",
  ],
  ['missing', 'controllers: [],', 'controllers: [],\n  imports: ['],
])(
  'The root module is extended when its imports are %s',
  async (_, imports, written) => {
    const { text } = await moduleAfter(
      `${IMPORTS}\nconst imports = [];\n\n@Module({\n  ${imports}\n})\nexport class AppModule { imports = 1; }\n`,
    );
    expect(text).toContain(written);
    expect(text).toContain("config.getOrThrow<string>('PORTONE_API_SECRET')");
    expect(text).toContain('imports = 1;');
  },
);

it('An empty @Module gets imports', async () => {
  const { text } = await moduleAfter(
    `${IMPORTS}\n@Module({})\nexport class AppModule {}\n`,
  );
  expect(text).toContain(REGISTERED);
});

it.each([
  ['a variable', '@Module(metadata)'],
  ['a spread object', '@Module({ ...base })'],
])(
  'A root module whose @Module has %s is not changed, and a warning says what to write',
  async (_, decorator) => {
    const module = `${IMPORTS}\n${decorator}\nexport class AppModule {}\n`;
    const { text, warnings } = await moduleAfter(module);
    expect(text).toBe(module);
    expect(warnings).toEqual([
      expect.stringContaining(
        'register AuthModule yourself: AuthModule.forRootAsync',
      ),
    ]);
  },
);

it.each([
  ['global', 'ConfigModule.forRoot({ isGlobal: true })', false],
  ['not global', 'ConfigModule.forRoot()', true],
])(
  'A ConfigModule of the root module that is %s is used',
  async (_, config, isImported) => {
    const { text } = await moduleAfter(
      `${IMPORTS}\nimport { ConfigModule } from '@nestjs/config';\n\n@Module({ imports: [${config}] })\nexport class AppModule {}\n`,
    );
    expect(text.match(/ConfigModule\.forRoot/g)).toHaveLength(1);
    expect(text.includes('imports: [ConfigModule],')).toBe(isImported);
    expect(text).toContain(
      "import { ConfigModule, ConfigService } from '@nestjs/config';",
    );
  },
);

it('A global ConfigModule of another module is used', async () => {
  const { text } = await moduleAfter(APP_MODULE, {
    'src/core/core.module.ts': `import { ConfigModule as Config } from '@nestjs/config';\n@Module({ imports: [Config.forRoot({ isGlobal: true, cache: true })] })\nexport class CoreModule {}\n`,
  });
  expect(text).not.toContain('ConfigModule');
  expect(text).toContain("import { ConfigService } from '@nestjs/config';");
});

it('An app with its own AuthModule gets PortOneAuthModule', async () => {
  const { text } = await moduleAfter(
    `${IMPORTS}\nimport { AuthModule } from './auth/auth.module';\n\n@Module({ imports: [AuthModule.forRoot()] })\nexport class AppModule {}\n`,
  );
  expect(text).toContain(
    "import { PortOneAuthModule } from 'nestjs-portone-auth';",
  );
  expect(text).toContain(
    'imports: [AuthModule.forRoot(), ConfigModule.forRoot({ isGlobal: true }), PortOneAuthModule.forRootAsync({',
  );
});

it('An app with its own ConfigService gets that of @nestjs/config under another name', async () => {
  const { text } = await moduleAfter(
    `${IMPORTS}\nimport { ConfigService } from './config.service';\n\n@Module({ imports: [], providers: [ConfigService] })\nexport class AppModule {}\n`,
  );
  expect(text).toContain(
    "ConfigService as PortOneConfigService } from '@nestjs/config'",
  );
  expect(text).toContain('inject: [PortOneConfigService],');
});

it.each([
  ['the root module', 'src/app.module.ts'],
  ['another module', 'src/payments/payments.module.ts'],
])(
  'An app that registers AuthModule in %s already is not changed',
  async (_, path) => {
    const module = `import { Module } from '@nestjs/common';\nimport { PortOneAuthModule as P } from 'nestjs-portone-auth';\n@Module({ imports: [P.forRoot({ apiSecret: '' })] })\nexport class AppModule {}\n`;
    const before = project({ [path]: module });
    const { files } = await add(before);
    expect(files['src/app.module.ts']).toBe(before['src/app.module.ts']);
  },
);

it('A comment or a type import does not count as a registration', async () => {
  const { text } = await moduleAfter(
    `// AuthModule.forRoot() of nestjs-portone-auth comes here\nimport type { TokenService } from 'nestjs-portone-auth';\n${APP_MODULE}export type T = TokenService;\n`,
  );
  expect(text).toContain("import { AuthModule } from 'nestjs-portone-auth';");
  expect(text).toContain(REGISTERED);
});

it('The root module is the one that main starts, also under another name', async () => {
  const shop = APP_MODULE.replace('AppModule', 'ShopModule');
  const { files } = await add(
    {
      ...project({ 'src/main.ts': undefined, 'src/app.module.ts': undefined }),
      'apps/shop/src/main.ts': MAIN.replaceAll(
        'AppModule',
        'ShopModule',
      ).replace('./app.module', './shop.module.js'),
      'apps/shop/src/shop.module.ts': shop,
    },
    { sourceRoot: 'apps/shop/src' },
  );
  expect(files['apps/shop/src/shop.module.ts']).toContain(REGISTERED);
});

it('A project in JavaScript gets code without types', async () => {
  const { files } = await add(
    project({
      'src/main.ts': undefined,
      'src/app.module.ts': undefined,
      'src/main.js': MAIN,
      'src/app.module.js': APP_MODULE,
    }),
  );
  expect(files['src/app.module.js']).toContain('useFactory: (config) => ({');
  expect(files['src/app.module.js']).toContain(
    "config.getOrThrow('PORTONE_API_SECRET')",
  );
});

it('The file keeps its line ends and quotes', async () => {
  const windows = APP_MODULE.replaceAll("'", '"').replaceAll('\n', '\r\n');
  const { text } = await moduleAfter(windows);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(text).toContain('import { AuthModule } from "nestjs-portone-auth";');
});

it('Without a root module, a warning says how to register AuthModule', async () => {
  const { warnings } = await add(
    project({ 'src/main.ts': undefined, 'src/app.module.ts': undefined }),
  );
  expect(warnings).toEqual([
    expect.stringContaining('No root module was found in src: register'),
  ]);
});

it.each([
  "import type { ConfigService } from '@nestjs/config';",
  "import { type ConfigService } from '@nestjs/config';",
])(
  'A name imported only as a type is imported again as a value: %s',
  async (line) => {
    const { text } = await moduleAfter(`${line}\n${APP_MODULE}`);
    expect(text).toContain('ConfigService as PortOneConfigService');
    expect(text).toContain('inject: [PortOneConfigService],');
  },
);
