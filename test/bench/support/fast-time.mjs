const real = {
  now: Date.now,
  performanceNow: performance.now.bind(performance),
  setTimeout,
  setInterval,
};

/** When time began to run faster, in ms since 1970. The emulator's clock must begin at the same time. */
export const epoch = real.now();
const started = real.performanceNow();

/**
 * Makes the clocks and timers of this process run `scale` times as fast, so that a benchmark can cover the whole life of a 30 min
 * token with the defaults of each library. Sockets keep real time.
 *
 * @param {number} scale
 */
export function speedUpTime(scale) {
  const faster = (since, now) => since + (now - since) * scale;
  performance.now = () => faster(started, real.performanceNow());
  Date.now = () => Math.floor(faster(epoch, real.now()));
  globalThis.Date = class extends Date {
    constructor(...args) {
      if (args.length === 0) super(Date.now());
      else super(...args);
    }
  };
  globalThis.setTimeout = (run, ms = 0, ...args) =>
    real.setTimeout(run, ms / scale, ...args);
  globalThis.setInterval = (run, ms = 0, ...args) =>
    real.setInterval(run, ms / scale, ...args);
}
