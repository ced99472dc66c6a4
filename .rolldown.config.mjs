const PACKAGE = /^(@[\w-]+\/)?[\w-]+(\/|$)/;
const MAIN = /[\\/]dist[\\/]index\.js$/;

/** Whether the import of the main entry loads a module at once, not later by an `import()`. */
const isLoadedByMain = (id, context, seen = new Set()) =>
  MAIN.test(id) ||
  (!seen.has(id) &&
    seen.add(id) &&
    context
      .getModuleInfo(id)
      .importers.some((importer) => isLoadedByMain(importer, context, seen)));

/** One file per public entry, and what they share: importing 80 small ones took four times as long. */
export default {
  input: {
    index: './dist/index.js',
    'redis/index': './dist/redis/index.js',
    'webhook/index': './dist/webhook/index.js',
    'terminus/index': './dist/terminus/index.js',
    'swagger/index': './dist/swagger/index.js',
    'opentelemetry/index': './dist/opentelemetry/index.js',
    'testing/index': './dist/testing/index.js',
    'cli/bin': './dist/cli/bin.js',
    'schematics/nest-add': './dist/schematics/nest-add.js',
  },
  external: PACKAGE,
  platform: 'node',
  output: {
    dir: 'dist',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: {
      groups: [
        {
          // Else a dozen small files, one for each set of entries that shares them.
          debugName: 'main',
          name: (id, context) => (isLoadedByMain(id, context) ? 'main' : null),
          minShareCount: 2,
        },
      ],
    },
  },
  logLevel: 'warn',
};
