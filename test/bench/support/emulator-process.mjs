/** A PortOneEmulator in a separate process. `remote-emulator.mjs` starts it and sends it commands. */
import { PortOneEmulator } from '../../../dist/testing/index.js';

const { timeScale = 1, epoch = 0, ...options } = JSON.parse(process.argv[2]);
const now = () => epoch + (Date.now() - epoch) * timeScale;
const portone = await PortOneEmulator.start({
  ...options,
  ...(timeScale !== 1 && { clock: { now } }),
});

let issuedAtS;
let countsInOutage;
const counts = () => {
  const { login, refresh, tokens, api, unauthorized } = portone.calls;
  return { login, refresh, tokens, api, unauthorized };
};
const commands = {
  facts: () => ({ url: portone.url, apiSecret: portone.apiSecret }),
  counts,
  /** Records when the last token was issued, in whole seconds of the emulator's clock. */
  watchIssues: () => {
    portone.delay('tokens', () => {
      issuedAtS = Math.floor(now() / 1000);
      return 0;
    });
  },
  issuedAtS: () => issuedAtS,
  /** The token endpoints answer 503 until `endsAt` (ms of the emulator's clock). Timed here, because a message would come late. */
  failTokensUntil: (endsAt) => {
    portone.fail('tokens', { kind: 'status', status: 503 });
    setTimeout(
      () => {
        countsInOutage = counts();
        portone.heal();
      },
      Math.ceil((endsAt - now()) / timeScale),
    );
  },
  countsInOutage: () => countsInOutage,
  /** Delays the answers of `target` by 0 to `ms`, in `steps` equal steps. */
  spread: (target, ms, steps) => {
    let n = 0;
    portone.delay(target, () => ((n++ % steps) * ms) / (steps - 1));
  },
};

process.on('message', ({ id, method, args }) => {
  const result = commands[method]?.(...args) ?? portone[method]?.(...args);
  process.send({ id, result: result ?? null });
});
// Ends with its parent process.
process.on('disconnect', () => process.exit());
