/** A PortOneEmulator in a process of its own; `remote-emulator.mjs` starts it and talks to it. */
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
  /** When the last token asked for was issued, by PortOne's clock in whole seconds. */
  watchIssues: () => {
    portone.delay('tokens', () => {
      issuedAtS = Math.floor(now() / 1000);
      return 0;
    });
  },
  issuedAtS: () => issuedAtS,
  /** The token endpoints answer 503 until `endsAt` (ms by PortOne's clock). Here, because no message is quick enough. */
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
  /** Answers of `target` come evenly spread over `ms`, in `steps` steps. */
  spread: (target, ms, steps) => {
    let n = 0;
    portone.delay(target, () => ((n++ % steps) * ms) / (steps - 1));
  },
};

process.on('message', ({ id, method, args }) => {
  const result = commands[method]?.(...args) ?? portone[method]?.(...args);
  process.send({ id, result: result ?? null });
});
// The parent is gone, however it ended.
process.on('disconnect', () => process.exit());
