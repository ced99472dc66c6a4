import { describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { asyncScheduler } from 'rxjs';
import { attachAuth } from '../../../lib/http/attach-auth.js';
import { AuthorizedAdapter } from '../../../lib/http/authorized-adapter.js';
import { TokenOrigins } from '../../../lib/http/token-origin.js';
import { capture } from '../../e2e/http/capture.js';

const baseURL = 'https://api.portone.test';
type Replacement = { accessToken: string; isCure: boolean };
const adopted = (accessToken: string): Replacement => ({
  accessToken,
  isCure: false,
});
const obtained = (accessToken: string): Replacement => ({
  accessToken,
  isCure: true,
});

/** What a request sends when these replacements are all that can be had, and the API takes the `accepted` token only. */
async function send(
  replacements: (Replacement | undefined)[],
  accepted?: string,
) {
  const refused: string[] = [];
  const unhealed: string[] = [];
  const tokens = {
    peekAccessToken: () => 'first',
    replacementFor: (token: string) => {
      refused.push(token);
      return replacements.shift();
    },
    newerElsewhere: () => Promise.resolve(undefined),
    attached: () => undefined,
    accepted: () => undefined,
    healed: () => undefined,
    unhealed: ({ accessToken, isCure }: Replacement) => {
      if (isCure) unhealed.push(accessToken);
      return isCure;
    },
  } as unknown as ConstructorParameters<typeof AuthorizedAdapter>[0];
  const instance = axios.create({ baseURL });
  const origins = new TokenOrigins(baseURL, []);
  attachAuth(instance, new AuthorizedAdapter(tokens, origins, asyncScheduler));
  const adapter = capture(() =>
    adapter.tokens.at(-1) === `Bearer ${accepted}` ? 200 : 401,
  );
  const { status } = await instance.get('/x', { adapter });
  return { status, sent: adapter.tokens, refused, unhealed };
}

describe('A replay with a token that another instance obtained', () => {
  it('is replayed once more with one of our own when it is refused too', async () => {
    const given = [adopted('second'), obtained('third')];
    expect(await send(given, 'third')).toEqual({
      status: 200,
      sent: ['Bearer first', 'Bearer second', 'Bearer third'],
      refused: ['first', 'second'],
      unhealed: [],
    });
  });

  it('is not replayed a third time: the new token is reported instead', async () => {
    const given = [adopted('second'), obtained('third'), obtained('fourth')];
    expect(await send(given)).toMatchObject({
      status: 401,
      sent: ['Bearer first', 'Bearer second', 'Bearer third'],
      unhealed: ['third'],
    });
  });

  it('is replayed once more with what yet another instance obtained meanwhile', async () => {
    const given = [adopted('second'), adopted('third')];
    expect(await send(given, 'third')).toMatchObject({
      status: 200,
      sent: ['Bearer first', 'Bearer second', 'Bearer third'],
    });
  });

  it('is not replayed a third time with one of those either', async () => {
    const given = [adopted('second'), adopted('third'), adopted('fourth')];
    expect(await send(given, 'fourth')).toMatchObject({
      status: 401,
      sent: ['Bearer first', 'Bearer second', 'Bearer third'],
      unhealed: [],
    });
  });

  it('stays refused when no other is to be had', async () => {
    expect(await send([adopted('second'), undefined])).toMatchObject({
      status: 401,
      sent: ['Bearer first', 'Bearer second'],
      unhealed: [],
    });
  });

  it('is all there is to it when it is accepted', async () => {
    expect(await send([adopted('second')], 'second')).toMatchObject({
      status: 200,
      refused: ['first'],
      unhealed: [],
    });
  });
});

describe('A replay with a token asked for after the refusal', () => {
  it('is the last one', async () => {
    const given = [obtained('second'), obtained('third')];
    expect(await send(given)).toMatchObject({
      status: 401,
      sent: ['Bearer first', 'Bearer second'],
      refused: ['first'],
      unhealed: ['second'],
    });
  });
});
