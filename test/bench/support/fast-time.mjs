const real = {
  now: Date.now,
  performanceNow: performance.now.bind(performance),
  setTimeout,
  setInterval,
};

/** When time began to run faster, in ms since 1970: where the emulator's clock has to begin as well. */
export const epoch = real.now();
const started = real.performanceNow();

/**
 * Lets this process's clocks and timers run `scale` times as fast, so that a token of 30 minutes can be watched from
 * login to expiry with every library's real defaults. Sockets keep real time.
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
