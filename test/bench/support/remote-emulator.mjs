import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a PortOneEmulator in a separate process, so that benchmarks measure the client only.
 *
 * @param {object} options PortOneEmulatorOptions; `timeScale` and `epoch` make its clock run faster
 */
export async function startEmulator(options = {}) {
  const child = fork(
    new URL('emulator-process.mjs', import.meta.url),
    [JSON.stringify(options)],
    { execArgv: [] },
  );
  const waiting = new Map();
  let lastId = 0;
  child.on('message', ({ id, result }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const tell = (method, ...args) =>
    new Promise((resolve) => {
      const id = ++lastId;
      waiting.set(id, resolve);
      child.send({ id, method, args });
    });
  const { url, apiSecret } = await tell('facts');
  return {
    url,
    apiSecret,
    /** Calls a method of the emulator, or a command of its process. */
    tell,
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
