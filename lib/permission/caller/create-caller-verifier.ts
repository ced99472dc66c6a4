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
  /** Its network settings also lead to the JWKS. */
  readonly http: CreateAxiosDefaults;
}

/** The verifier of one client's callers, with its keys and its pin. */
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

/** Always pinned: to the configured merchants, else to our own token's; if that names none, no token is accepted. */
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
        `The keys of callers' tokens cannot be fetched from ${uri}: ${cause}. Keys fetched before serve until they are ` +
          'an hour old; callers whose key is not among them get 503. The next attempt is made for a caller, at most one in 30 s.',
      ),
    recovered: () =>
      say(logger, 'log', `The keys of callers' tokens came from ${uri} again.`),
  };
}
