/** Telemetry that fails, in a processor or a sampler of the app, fails no renewal and no request. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
