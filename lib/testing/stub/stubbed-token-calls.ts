import { PortOneAuthClient } from '../../portone/portone-auth.client.js';
import {
  readTokenAnswer,
  type TokenAnswer,
} from '../../portone/token-answer.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { ALL_PERMISSIONS } from '../tokens/all-permissions.js';
import type { StubbedClient } from './stub-portone.js';

const DAY = 86_400;
const HEAD = { kid: 'stubbed', typ: 'JWT', alg: 'ES256' };

/** Login and refresh without PortOne. They give well-formed tokens whose signature is not real, or fail. */
export class StubbedTokenCalls extends PortOneAuthClient {
  private count = 0;

  constructor(private readonly stub: StubbedClient) {
    super({ baseURL: 'https://portone.invalid' });
  }

  override async login(): Promise<TokenAnswer> {
    return this.issue();
  }

  override async refresh(): Promise<TokenAnswer> {
    return this.issue();
  }

  private issue(): TokenAnswer {
    const { unavailable, permissions, claims } = this.stub;
    if (unavailable)
      throw new TokenCallFailure(
        'PORTONE_TOKEN_NETWORK',
        'stubPortOne() was called with unavailable: true',
      );
    const iat = Math.floor(Date.now() / 1000);
    const common = { user_id: 'stubbed', iss: 'IAMPORT', iat, exp: iat + DAY };
    const ids = { merchant_id: 'merchant-stubbed', store_id: 'store-stubbed' };
    const salt = String(++this.count);
    const accessToken = jwt({
      ...common,
      salt,
      custom_payload: ids,
      merchant_service: {
        ...ids,
        include_permissions: true,
        belong_to: 'MERCHANT',
        permissions: permissions ?? ALL_PERMISSIONS,
        whitelist: [],
      },
      ...claims,
    });
    const refreshToken = jwt({ ...common, salt });
    return readTokenAnswer(
      'stubPortOne()',
      JSON.stringify({ accessToken, refreshToken }),
      new Date(iat * 1000).toUTCString(),
    );
  }
}

const jwt = (claims: object): string =>
  [HEAD, claims, 'stubbed']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
