/** The value that a share `q` of the samples is below. @param {number[]} samples @param {number} q 0 to 1 */
export function quantile(samples, q) {
  const sorted = Float64Array.from(samples).sort();
  const at = Math.min(sorted.length - 1, Math.floor(q * sorted.length));
  return sorted[at] ?? Number.NaN;
}

/** @param {number[]} samples */
export const median = (samples) => quantile(samples, 0.5);

/** The lowest and the highest. @param {number[]} values */
export const range = (values) =>
  `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;
