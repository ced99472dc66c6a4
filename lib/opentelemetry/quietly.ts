/** Runs telemetry code. An error in it, such as in a sampler of the app, must not fail a renewal or a request. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
