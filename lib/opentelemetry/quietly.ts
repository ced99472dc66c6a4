/** A failure of telemetry, such as in a span processor or sampler of the app, must not fail a renewal or a request. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
