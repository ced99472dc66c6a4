const PACKAGE = /^(@[\w-]+\/)?[\w-]+(\/|$)/;
const MAIN = /[\\/]dist[\\/]index\.js$/;
const COMMAND_LINE = /[\\/]dist[\\/]cli[\\/]bin\.js$/;

/** Whether an entry leads to a module, through the importers that `importersOf` gives. */
const leadsTo = (entry, id, importersOf, seen = new Set()) =>
  entry.test(id) ||
  (!seen.has(id) &&
    seen.add(id) &&
    importersOf(id).some((importer) =>
      leadsTo(entry, importer, importersOf, seen),
    ));

/** Whether the import of the main entry loads a module at once, not later by an `import()`. */
const isLoadedByMain = (id, context) =>
  leadsTo(MAIN, id, (module) => context.getModuleInfo(module).importers);

/** Whether a command loads a module. Commands run without Nest and axios, so they must not load the chunk of the main entry. */
const isOfCommandLine = (id, context) =>
  leadsTo(COMMAND_LINE, id, (module) => {
    const { importers, dynamicImporters } = context.getModuleInfo(module);
    return [...importers, ...dynamicImporters];
  });

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
          debugName: 'command line',
          // Before the chunk of the main entry, which would take these modules as its dependencies.
          priority: 1,
          name: (id, context) =>
            isLoadedByMain(id, context) && isOfCommandLine(id, context)
              ? 'without-peers'
              : null,
        },
        {
          debugName: 'main',
          // Else a dozen small files, one for each set of entries that shares them.
          name: (id, context) => (isLoadedByMain(id, context) ? 'main' : null),
          minShareCount: 2,
        },
      ],
    },
  },
  logLevel: 'warn',
};
