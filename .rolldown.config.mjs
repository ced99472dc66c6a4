const PACKAGE = /^(@[\w-]+\/)?[\w-]+(\/|$)/;

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
  output: { dir: 'dist', chunkFileNames: 'chunks/[name].js' },
  logLevel: 'warn',
};
