import { TokenService } from 'nestjs-portone-auth';
import { Report } from '../../../shared/report.js';
import { firstToken } from './chapters/first-token.js';
import { refusals } from './chapters/refusals.js';
import { renewals } from './chapters/renewals.js';
import { webhooks } from './chapters/webhooks.js';
import { openShop } from './open-shop.js';

const SHUTDOWN_MS = 5_000;

const NEXT = `
What to try next:
  npm start                                        the life of a token on a live page
  npm run start:shop                               the same shop, for your own curl
  npm run demo:fleet                               five processes share one token through Redis
  npx nestjs-portone-auth emulator                 PortOne without an account, for your own app
  sample/01-quick-start/src                        the code of this shop`;

const startedAt = performance.now();
const report = new Report();
console.log(
  'A shop and an emulated PortOne start on this machine. A token lives 5 s here instead of 30 min. About 15 s.\n',
);
const shop = await openShop();
const { app, portone } = shop;
const tokens = app.get(TokenService);

report.chapter('The first token');
await firstToken(report, shop);
report.chapter('Renewals');
await renewals(report, shop);
report.chapter('401: PortOne refuses a token that has not expired');
await refusals(report, shop);
report.chapter('Webhooks');
await webhooks(report, shop);

report.chapter('The end');
await report.step(
  'The shop closes: its port is free, its events have ended, and no timer keeps the process alive',
  { events: 'completed', port: 'closed' },
  async () => {
    let events = 'open';
    tokens.events$.subscribe({ complete: () => (events = 'completed') });
    await app.close();
    const port = await shop.call('/payments/payment-1').then(
      () => 'open',
      () => 'closed',
    );
    return { events, port };
  },
);
await portone.stop();

// The count is final only when the process has nothing left to wait for. The timer below is unref'd, so it does not count.
process.once('beforeExit', () => {
  process.exitCode = report.finish() ? 0 : 1;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`It took ${seconds} s.\n${NEXT}`);
});
setTimeout(() => {
  console.error(
    `A timer or a connection is still open ${SHUTDOWN_MS} ms after the shutdown.`,
  );
  process.exit(1);
}, SHUTDOWN_MS).unref();
