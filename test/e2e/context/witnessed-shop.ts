import type { AuthModuleOptions } from '../../../lib/index.js';
import { openEmulator, openShop, type Shop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';
import { Witness, WitnessAgent, WitnessStore } from './requests.js';

export interface WitnessedShop extends Shop {
  readonly witness: Witness;
}

/** An app that notes in which request its secret function, store, token calls, logger and subscribers run. */
export async function openWitnessed(
  options: Partial<AuthModuleOptions> = {},
): Promise<WitnessedShop> {
  const witness = new Witness();
  const time = new VirtualTime();
  const portone = await openEmulator({ clock: time.trueTime });
  const shop = await openShop({
    portone,
    time,
    logger: witness.logger,
    options: {
      apiSecret: () => {
        witness.note('apiSecret');
        return portone.apiSecret;
      },
      store: new WitnessStore(time, witness),
      http: { httpAgent: new WitnessAgent(witness) },
      eager: false,
      ...options,
    },
  });
  shop.tokens.events$.subscribe({
    next: ({ type }) => witness.note(type),
    complete: () => witness.note('completed'),
  });
  return { ...shop, witness };
}
