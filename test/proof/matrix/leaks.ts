import { pairSeal } from '../../../lib/store/sealed-pair.js';
import { everyText } from '../../support/every-text.js';
import { credentialsIn } from './credentials.js';
import type { Stage } from './stage.js';

/** The places visible to users and loggers that hold a secret, a token or a part of one. @param more further places to search */
export async function leaksOf(
  stage: Stage,
  more: Record<string, unknown[]> = {},
): Promise<string[]> {
  const { portone, store, log, seen } = stage;
  const { key } = pairSeal(portone.apiSecret, portone.url);
  const places = {
    log: log.lines,
    seen,
    store: [key, await store.load(key)],
    ...more,
  };
  const canaries = await canariesOf(stage);
  return Object.entries(places).flatMap(([place, values]) => {
    const text = values.map((value) => everyText(value)).join('\n');
    return Object.entries(canaries)
      .filter(([, canary]) => text.includes(canary))
      .map(([name]) => `${name} in ${place}`);
  });
}

async function canariesOf({
  portone,
  store,
}: Stage): Promise<Record<string, string>> {
  const [secret = '', ...pair] = await credentialsIn(store, portone);
  // Every token of an emulator begins with the same header, so this finds tokens that are not in the store too.
  const [header = ''] = (await portone.issueAccessToken()).split('.');
  const signatures = pair.map((token, at) => [
    `signature ${at}`,
    token.slice(-40),
  ]);
  return {
    secret,
    'end of the secret': secret.slice(-16),
    header,
    ...Object.fromEntries(signatures),
  };
}
