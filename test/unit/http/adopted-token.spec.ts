import { describe, expect, it } from '@jest/globals';
import {
  authorizedCall,
  type AuthorizedRequest,
} from '../../../lib/call/authorized-call.js';
import type { TokenService } from '../../../lib/token/token.service.js';

type Replacement = { accessToken: string; isCure: boolean };
const adopted = (accessToken: string): Replacement => ({
  accessToken,
  isCure: false,
});
const obtained = (accessToken: string): Replacement => ({
  accessToken,
  isCure: true,
});

/** Sends a request. `replacements` are the further tokens, one after another. The API accepts only the token `accepted`. */
async function send(
  replacements: (Replacement | undefined)[],
  accepted?: string,
) {
  const refused: string[] = [];
  const unhealed: string[] = [];
  const tokens = {
    peekAccessToken: () => 'first',
    calls: {
      attached: () => undefined,
      replacementFor: (token: string) => {
        refused.push(token);
        const next = replacements.shift();
        return next && (() => Promise.resolve(next));
      },
      newerFromStore: () => Promise.resolve(undefined),
      healed: () => undefined,
      unhealed: ({ accessToken, isCure }: Replacement) => {
        if (isCure) unhealed.push(accessToken);
        return isCure;
      },
    },
  } as unknown as TokenService;
  const sent: string[] = [];
  const request: AuthorizedRequest<number> = {
    mayReplay: true,
    endpoint: () => 'GET http://model/x',
    attempt: (token) => {
      sent.push(token);
      const status = token === accepted ? 200 : 401;
      return Promise.resolve({
        isRefused: status === 401,
        result: () => status,
        letGo: () => undefined,
      });
    },
    wait: (work) => work(),
    failure: (error) => error,
  };
  const status = await authorizedCall(tokens, request);
  return { status, sent, refused, unhealed };
}

describe('A replay with a token that another instance obtained', () => {
  it('is followed by a second replay with our own token when it is refused', async () => {
    const given = [adopted('second'), obtained('third')];
    expect(await send(given, 'third')).toEqual({
      status: 200,
      sent: ['first', 'second', 'third'],
      refused: ['first', 'second'],
      unhealed: [],
    });
  });

  it('is not followed by a third replay: the new token is reported as unhealed', async () => {
    const given = [adopted('second'), obtained('third'), obtained('fourth')];
    expect(await send(given)).toMatchObject({
      status: 401,
      sent: ['first', 'second', 'third'],
      unhealed: ['third'],
    });
  });

  it('is followed by a second replay with the token of yet another instance', async () => {
    const given = [adopted('second'), adopted('third')];
    expect(await send(given, 'third')).toMatchObject({
      status: 200,
      sent: ['first', 'second', 'third'],
    });
  });

  it('is not followed by a third replay with the token of yet another instance', async () => {
    const given = [adopted('second'), adopted('third'), adopted('fourth')];
    expect(await send(given, 'fourth')).toMatchObject({
      status: 401,
      sent: ['first', 'second', 'third'],
      unhealed: [],
    });
  });

  it('ends with the 401 when there is no other token', async () => {
    expect(await send([adopted('second'), undefined])).toMatchObject({
      status: 401,
      sent: ['first', 'second'],
      unhealed: [],
    });
  });

  it('is the last one when it is accepted', async () => {
    expect(await send([adopted('second')], 'second')).toMatchObject({
      status: 200,
      refused: ['first'],
      unhealed: [],
    });
  });
});

describe('A replay with a token requested after the 401', () => {
  it('is the last one', async () => {
    const given = [obtained('second'), obtained('third')];
    expect(await send(given)).toMatchObject({
      status: 401,
      sent: ['first', 'second'],
      refused: ['first'],
      unhealed: ['second'],
    });
  });
});
