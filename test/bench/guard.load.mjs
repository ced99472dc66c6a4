/** A separate process that keeps 32 requests in flight and reports to its parent how long they took. */
import { Agent, get } from 'node:http';

const IN_FLIGHT = 32;
const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });

const once = (url, headers) =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200
          ? resolve()
          : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    }).on('error', reject);
  });

process.on('message', async ({ url, authorizations, requests }) => {
  let left = requests;
  const startedAt = performance.now();
  const worker = async (_, index) => {
    const authorization = authorizations[index % authorizations.length];
    while (left-- > 0) await once(url, { authorization });
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  process.send(performance.now() - startedAt);
});
process.on('disconnect', () => process.exit());
