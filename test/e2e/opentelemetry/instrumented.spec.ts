import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { PortOneEmulator } from '../../../lib/testing/index.js';

const TYPESCRIPT = pathToFileURL('test/support/fleet-typescript.mjs').href;
const APP = fileURLToPath(new URL('instrumented-app.ts', import.meta.url));

interface SpanFacts {
  readonly name: string;
  readonly kind: SpanKind;
  readonly id: string;
  readonly parent?: string;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string }[];
}

describe('With instrumentation-http, a first request that gets one 401 from PortOne', () => {
  let portone: PortOneEmulator;
  let exported: string;
  let spans: readonly SpanFacts[];

  beforeAll(async () => {
    portone = await PortOneEmulator.start();
    const unauthorized = { kind: 'status', status: 401 } as const;
    portone.fail('GET /payments/payment-1', unauthorized, { times: 1 });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--import', TYPESCRIPT, APP],
      {
        env: {
          ...process.env,
          API_SECRET: portone.apiSecret,
          BASE_URL: portone.url,
        },
        maxBuffer: 1 << 26,
      },
    );
    exported = stdout;
    ({ spans } = JSON.parse(stdout) as { spans: SpanFacts[] });
  }, 120_000);
  afterAll(() => portone?.stop());

  const request = () => spans.find(({ kind }) => kind === SpanKind.SERVER)!;
  const childrenOf = ({ id }: SpanFacts) =>
    spans.filter(({ parent }) => parent === id);

  it('shows the wait, the 401 and the replay on the span of the request', () => {
    expect(request().events.map(({ name }) => name)).toEqual([
      'portone.auth.token.wait.begin',
      'portone.auth.token.wait.end',
      'portone.auth.token.wait.begin',
      'portone.auth.token.wait.end',
      'portone.auth.request.replay',
    ]);
    const calls = childrenOf(request()).map(
      ({ attributes }) => attributes['http.response.status_code'],
    );
    expect(calls).toEqual([401, 200]);
  });

  it('has its token calls in the traces of the renewals, and these link to the request', () => {
    const renewals = spans.filter(
      ({ name }) => name === 'portone.auth.token.renewal',
    );
    expect(renewals.map(({ attributes }) => attributes['cause'])).toEqual([
      'cold',
      'forced',
    ]);
    const [login, refresh] = renewals.map((renewal) => {
      expect(renewal.parent).toBeUndefined();
      expect(renewal.links).toEqual([request().id]);
      const [tokenCall] = childrenOf(renewal);
      const [httpCall] = childrenOf(tokenCall!);
      return httpCall!.attributes['url.full'];
    });
    expect(login).toContain('/login/api-secret');
    expect(refresh).toContain('/token/refresh');
  });

  it('exports no token and no secret, not even a part of one', () => {
    const sent = portone.calls.requests.flatMap(({ headers, body }) => [
      ...(headers.authorization?.split(' ').slice(1) ?? []),
      ...(/"refreshToken":"([^"]+)/.exec(body)?.slice(1) ?? []),
    ]);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(exported).toContain('portone.auth.token.remaining');
    for (const canary of [portone.apiSecret, ...sent]) {
      expect(exported.includes(canary)).toBe(false);
      expect(exported.includes(canary.slice(-20))).toBe(false);
    }
  });
});
