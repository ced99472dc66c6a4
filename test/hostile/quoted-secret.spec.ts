import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { closeShops, openShop } from '../support/shop.js';
import { LogBook } from '../support/log-book.js';

const secret = 'PgPhzU3Z/kQ+7=abcDEFghiJKLmnoPQR';
const pieces = (size: number, between: string) =>
  secret.match(new RegExp(`.{1,${size}}`, 'g'))!.join(between);

describe('PortOne answers a login with the secret in its message', () => {
  afterEach(closeShops);

  it.each([
    ['whole', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in hex', Buffer.from(secret).toString('hex').replace(/../g, '$&:')],
    ['escaped', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['cut short', `${secret.slice(0, 8)}...`],
    ['in words', pieces(8, ' ')],
    ['as a word of a sentence', 'The secret PgPhzU3Z is not valid.'],
    ['spelt out', [...'PgPhzU3Z'].join(' ')],
    ['on lines', pieces(8, '\n')],
    ['with nothing to be seen between its letters', pieces(1, '\u200b')],
    ['with a log entry and a colour behind it', '\n\u001b[31mERROR forged'],
  ])('%s: no error and no log entry repeats it', async (_, message) => {
    const log = new LogBook();
    const { portone, tokens } = await openShop({
      options: { eager: false, apiSecret: secret },
      logger: log,
    });
    const body = { type: 'UNAUTHORIZED', message };
    portone.fail('login', { kind: 'status', status: 401, body });
    const error: unknown = await tokens
      .getAccessToken()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PORTONE_CREDENTIALS_REJECTED' });
    const shown = [
      ...log.lines.map(({ text }) => text),
      inspect(error, { depth: Infinity, showHidden: true }),
      JSON.stringify(error),
    ];
    for (const text of shown) {
      expect(text).toContain('401 UNAUTHORIZED');
      for (const piece of [message, secret.slice(0, 8), '\u001b', 'forged'])
        expect(text).not.toContain(piece);
    }
  });

  it('a plain sentence is repeated, in any language', async () => {
    const { portone, tokens } = await openShop({ options: { eager: false } });
    const body = {
      type: 'UNAUTHORIZED',
      message: '인증 정보가 올바르지 않습니다.',
    };
    portone.fail('login', { kind: 'status', status: 401, body });
    await expect(tokens.getAccessToken()).rejects.toThrow(
      '(401 UNAUTHORIZED: 인증 정보가 올바르지 않습니다.)',
    );
  });
});
