import { Logger } from '@nestjs/common';
import type { CreateAxiosDefaults } from 'axios';
import type { SchedulerLike } from 'rxjs';
import { own } from '../../portone/own.js';
import type { Clock } from '../../time/clock.js';
import { say } from '../../token/report/say.js';
import type { TokenService } from '../../token/token.service.js';
import { fromOwnToken } from '../denial/from-own-token.js';
import type { VerificationOptions } from '../resolved-permissions.js';
import { CallerVerifier, type MerchantPin } from './caller-verifier.js';
import { fetchKeySet } from './fetch-key-set.js';
import { chooseKey, usableKeys, type KeySource } from './key-set.js';
import { RemoteKeys, type KeySetReport } from './remote-keys.js';

/** The client whose callers are verified. */
export interface VerifyingClient {
  readonly client: string;
  /** Its TLS, DNS and proxy settings are also used to fetch the JWKS. */
  readonly http: CreateAxiosDefaults;
}

/** Makes the verifier for the callers of one client. */
export function createCallerVerifier(
  client: VerifyingClient,
  verification: VerificationOptions,
  tokens: TokenService,
  clock: Clock,
  scheduler: SchedulerLike,
): CallerVerifier {
  return new CallerVerifier(
    keySource(client, verification, clock, scheduler),
    verification,
    merchantPin(verification, tokens),
    clock,
  );
}

function keySource(
  client: VerifyingClient,
  { publicKeys, jwksUri = '' }: VerificationOptions,
  clock: Clock,
  scheduler: SchedulerLike,
): KeySource {
  if (publicKeys) {
    const keys = usableKeys(publicKeys);
    return (kid) => chooseKey(keys, kid);
  }
  const fetchKeys = () => fetchKeySet(jwksUri, client.http, scheduler);
  return new RemoteKeys(fetchKeys, clock, reportOf(client, jwksUri)).find;
}

/** The accepted merchants: those in the options, else the one in our own token. If that names none, no caller is accepted. */
function merchantPin(
  { merchantIds, storeId }: VerificationOptions,
  tokens: TokenService,
): () => MerchantPin | Promise<MerchantPin> {
  if (merchantIds) return () => ({ merchantIds, storeId });
  return async () => {
    const claims = await fromOwnToken(() => tokens.getClaims());
    const merchantId = own(own(claims, 'merchant_service'), 'merchant_id');
    const isNamed = typeof merchantId === 'string';
    return { merchantIds: isNamed ? [merchantId] : [], storeId };
  };
}

function reportOf({ client }: VerifyingClient, uri: string): KeySetReport {
  const logger = new Logger(`PortOneAuth:${client}`);
  return {
    failing: (cause) =>
      say(
        logger,
        'warn',
        `The keys for callers' tokens could not be fetched from ${uri}: ${cause}. Keys fetched earlier are used until they are ` +
          'an hour old; a caller whose key is not among them gets 503. The next fetch starts when a caller needs it, at most one in 30 s.',
      ),
    recovered: () =>
      say(
        logger,
        'log',
        `The keys for callers' tokens were fetched from ${uri} again.`,
      ),
  };
}
