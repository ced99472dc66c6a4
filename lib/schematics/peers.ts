/** The parts of package.json that the schematic looks at. */
export interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  jest?: object;
}

/** The packages that this package and the generated code need. npm installs peers, but does not write them to package.json. */
const PEERS = {
  '11': { '@nestjs/axios': '^4.0.0', '@nestjs/config': '^4.0.0' },
  '12': { '@nestjs/axios': '^12.0.0', '@nestjs/config': '^12.0.0' },
} as const;
const PEERS_OF_BOTH = {
  axios: '^1.18.0',
  'class-transformer': '^0.5.1',
  'class-validator': '^0.15.1',
};

/** Adds the missing peers, in the versions that fit the project's Nest. Returns whether any was missing. */
export function declarePeers(manifest: Manifest): boolean {
  const { dependencies = {}, devDependencies = {} } = manifest;
  const isNest11 = /(^|[^\d.])11(\.|$)/.test(
    dependencies['@nestjs/core'] ?? '',
  );
  const wanted = { ...PEERS[isNest11 ? '11' : '12'], ...PEERS_OF_BOTH };
  const missing = Object.entries(wanted).filter(
    ([name]) => !(name in dependencies) && !(name in devDependencies),
  );
  if (missing.length === 0) return false;
  const all = [...Object.entries(dependencies), ...missing];
  manifest.dependencies = Object.fromEntries(
    all.sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return true;
}
