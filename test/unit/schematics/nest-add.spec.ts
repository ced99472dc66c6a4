import { describe, expect, it } from '@jest/globals';
import { add, MANIFEST, project } from './added.js';

const PATTERN = 'node_modules/(?!(nestjs-portone-auth|jose)/)';
const NEST_11 = MANIFEST.replace('^12.0.1', '^11.1.0');

it.each([
  ['as `nest new` makes it', project()],
  [
    'with all kinds of settings',
    project({
      '.env': 'PORT=3000',
      '.gitignore': 'dist',
      'package.json': MANIFEST.replace(
        '{',
        '{\n  "jest": { "rootDir": "src" },',
      ),
      'test/jest-e2e.json': '{\n    "rootDir": "."\n}',
      'jest.config.ts': 'export default {\n  transform: {},\n};\n',
    }),
  ],
])(
  'A second run on a project %s changes nothing and schedules nothing',
  async (_, files) => {
    const once = await add(files);
    const twice = await add(once.files);
    expect(once.files).not.toEqual(files);
    expect(twice).toEqual({ files: once.files, warnings: [], tasks: [] });
  },
);

describe('.env', () => {
  it.each([
    ['is created', undefined, 'PORTONE_API_SECRET=\n'],
    ['is extended', 'PORT=3000', 'PORT=3000\nPORTONE_API_SECRET=\n'],
    [
      'keeps its secret',
      'PORTONE_API_SECRET=abc\n',
      'PORTONE_API_SECRET=abc\n',
    ],
    [
      'keeps its exported secret',
      '  export PORTONE_API_SECRET = abc',
      '  export PORTONE_API_SECRET = abc',
    ],
    [
      'is extended when its secret is only a comment',
      '# PORTONE_API_SECRET=\n',
      '# PORTONE_API_SECRET=\nPORTONE_API_SECRET=\n',
    ],
  ])('%s', async (_, before, after) => {
    const { files } = await add(project({ '.env': before }));
    expect(files['.env']).toBe(after);
  });

  it.each([
    ['created', undefined, '.env\n'],
    ['extended', 'dist', 'dist\n.env\n'],
    ['kept', '/dist\r\n.env\r\n', '/dist\r\n.env\r\n'],
    ['kept', '.env*\n', '.env*\n'],
    ['extended', '.env.local\n', '.env.local\n.env\n'],
  ])('is kept out of git: .gitignore is %s', async (_, before, after) => {
    const { files } = await add(project({ '.gitignore': before }));
    expect(files['.gitignore']).toBe(after);
  });
});

describe('package.json', () => {
  const dependenciesAfter = async (manifest: string) => {
    const { files, tasks } = await add(project({ 'package.json': manifest }));
    const { dependencies } = JSON.parse(files['package.json']!) as {
      dependencies: object;
    };
    return { dependencies, tasks };
  };

  it.each([
    ['12', MANIFEST, '^12.0.0', '^12.0.0'],
    ['11', NEST_11, '^4.0.0', '^4.0.0'],
  ])(
    'gets the peers for Nest %s, and their install is scheduled',
    async (_, manifest, axios, config) => {
      const { dependencies, tasks } = await dependenciesAfter(manifest);
      expect(dependencies).toMatchObject({
        '@nestjs/axios': axios,
        '@nestjs/config': config,
        axios: '^1.18.0',
        'class-transformer': '^0.5.1',
        'class-validator': '^0.15.1',
      });
      expect(tasks).toEqual([
        { name: 'node-package', options: { command: 'install', quiet: true } },
      ]);
    },
  );

  it('keeps its versions, order and indentation', async () => {
    const manifest = MANIFEST.replaceAll('  ', '\t').replace(
      '"rxjs"',
      '"axios": "~1.20.0",\n\t\t"rxjs"',
    );
    const { files } = await add(project({ 'package.json': manifest }));
    expect(files['package.json']).toMatch(
      /^\{\n\t"name": "an-app",\n\t"dependencies": \{\n\t\t"@nestjs\/axios"/,
    );
    expect(files['package.json']).toContain('"axios": "~1.20.0"');
    expect(files['package.json']!.endsWith('}\n')).toBe(true);
  });
});

describe('The settings of Jest', () => {
  it.each([
    [
      'package.json',
      MANIFEST.replace('{', '{\n  "jest": { "rootDir": "src" },'),
    ],
    ['jest.config.json', '{ "rootDir": "src" }'],
    ['test/jest-e2e.json', '{ "rootDir": "." }'],
    [
      'jest.config.ts',
      "const config: Config = {\n  transform: { '^.+\\\\.(t|j)s$': 'ts-jest' },\n};\nexport default config;\n",
    ],
    ['jest.config.js', 'module.exports = {\n  transform: {},\n};\n'],
  ])('in %s let Jest load the package', async (file, text) => {
    const { files, warnings } = await add(project({ [file]: text }));
    const json = files[file]!.replaceAll("'", '"');
    expect(json).toMatch(
      /transformIgnorePatterns"?: \[\s*"node_modules\/\(\?!\(nestjs-portone-auth\|jose\)\/\)"\s*\]/,
    );
    expect(warnings).toEqual([]);
  });

  it('name the folder of pnpm in a project of pnpm', async () => {
    const { files } = await add(
      project({
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        'test/jest-e2e.json': '{ "rootDir": "." }',
      }),
    );
    expect(JSON.parse(files['test/jest-e2e.json']!)).toMatchObject({
      transformIgnorePatterns: [
        'node_modules/(?!(.pnpm|nestjs-portone-auth|jose)/)',
      ],
    });
  });

  it.each([
    ['test/jest-e2e.json', '{ "transformIgnorePatterns": ["/node_modules/"] }'],
    [
      'jest.config.js',
      'module.exports = {\n  transformIgnorePatterns: [],\n  transform: {},\n};\n',
    ],
    ['jest.config.js', "module.exports = require('./shared');\n"],
  ])(
    'in %s stay unchanged when they cannot be extended, and a warning says what to add',
    async (file, text) => {
      const { files, warnings } = await add(project({ [file]: text }));
      expect(files[file]).toBe(text);
      expect(warnings).toEqual([
        `Jest must transform nestjs-portone-auth and jose: add transformIgnorePatterns: ["${PATTERN}"] to ${file}.`,
      ]);
    },
  );

  it('are not created in a project without Jest', async () => {
    const { files } = await add(project());
    expect(Object.keys(files).filter((file) => file.includes('jest'))).toEqual(
      [],
    );
    expect(files['package.json']).not.toContain('jest');
  });
});
