import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { closeShops, openShop } from '../support/shop.js';
import { LogBook } from '../support/log-book.js';

const secret = 'PgPhzU3Z/kQ+7=abcDEFghiJKLmnoPQR';
const pieces = (size: number, between: string) =>
  secret.match(new RegExp(`.{1,${size}}`, 'g'))!.join(between);

describe("When PortOne's message to a rejected login has", () => {
  afterEach(closeShops);

  it.each([
    ['the secret', secret],
    ['the secret in base64', Buffer.from(secret).toString('base64')],
    ['the secret in pieces', pieces(8, ' ')],
    ['a log entry and a colour', '\n\u001b[31mERROR forged'],
    ['a plain sentence', '인증 정보가 올바르지 않습니다.'],
  ])(
    '%s: errors and log entries show status and type only',
    async (_, message) => {
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
    },
  );

  it('no text at all: our error names the usual causes', async () => {
    const { portone, tokens } = await openShop({ options: { eager: false } });
    portone.fail('login', {
      kind: 'status',
      status: 401,
      body: { type: 'UNAUTHORIZED' },
    });
    await expect(tokens.getAccessToken()).rejects.toThrow(
      /V1 API key.*complete.*expired.*deleted/,
    );
  });
});
