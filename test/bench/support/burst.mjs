import { Agent } from 'node:http';
import { clients } from '../peers/index.mjs';
import { startEmulator } from './remote-emulator.mjs';
import { printTable } from './table.mjs';

const PATH = '/payments/payment-1';

/**
 * Runs `prepare`, then lets each client make `calls` calls at once to its own emulator. Prints the results.
 *
 * @param {string} title
 * @param {{ calls: number, maxSockets: number, prepare: (portone: object, client: object) => Promise<void> }} scene
 */
export async function burst(title, { calls, maxSockets, prepare }) {
  const rows = [];
  for (const open of clients) {
    const portone = await startEmulator();
    const httpAgent = new Agent({ keepAlive: true, maxSockets });
    const client = await open(portone, httpAgent);
    await prepare(portone, () => client.call(PATH));
    await portone.tell('resetCalls');
    const startedAt = performance.now();
    const settled = await Promise.allSettled(
      Array.from({ length: calls }, () => client.call(PATH)),
    );
    const ms = performance.now() - startedAt;
    const counts = await portone.tell('counts');
    rows.push({
      '': client.name,
      'token calls': counts.tokens,
      'failed calls': settled.filter(({ status }) => status === 'rejected')
        .length,
      'API calls': counts.api,
      'all answered in ms': Math.round(ms),
    });
    await client.close();
    httpAgent.destroy();
    await portone.stop();
  }
  printTable(title, rows);
}
