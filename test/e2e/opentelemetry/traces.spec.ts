import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { PortOneTelemetry } from '../../../lib/opentelemetry/index.js';
import { closeShops, openShop } from '../../support/shop.js';
import { openObservedShop, Sdk } from './observed-shop.js';

const RENEWAL = 'portone.auth.token.renewal';
const LOGIN = 'portone.auth.token.login';

let sdk: Sdk;

beforeEach(() => {
  sdk = new Sdk();
});
afterEach(async () => {
  await closeShops();
  await sdk.close();
});

const linksOf = ({ links }: ReadableSpan) =>
  links.map((link) => link.context.spanId);
const eventsOf = ({ events }: ReadableSpan) =>
  events.map(({ name, attributes }) => [name, attributes]);
const idOf = (span: ReadableSpan) => span.spanContext().spanId;

describe('A renewal', () => {
  it('is a root span that links to the request that caused it, and the token call is its child', async () => {
    const { tokens } = await openObservedShop(sdk, {
      options: { eager: false },
    });
    await sdk.request('GET /orders', () => tokens.getAccessToken());
    const [request] = sdk.named('GET /orders');
    const [renewal] = sdk.named(RENEWAL);
    const [login] = sdk.named(LOGIN);
    expect(renewal!.parentSpanContext).toBeUndefined();
    expect(linksOf(renewal!)).toEqual([idOf(request!)]);
    expect(login!.parentSpanContext!.spanId).toBe(idOf(renewal!));
    const { traceId } = request!.spanContext();
    expect(renewal!.spanContext().traceId).not.toBe(traceId);
    expect(renewal!.attributes).toEqual({
      client: 'default',
      cause: 'cold',
      method: 'login',
    });
    expect(login!.attributes).toEqual({ client: 'default', method: 'login' });
  });

  it('that a timer starts has no links, even if the app was created inside a request', async () => {
    const shop = await sdk.request('the first request', () =>
      openObservedShop(sdk, { options: { eager: false } }),
    );
    await shop.tokens.getAccessToken();
    await shop.advance(30 * 60_000);
    const renewals = sdk.named(RENEWAL);
    expect(renewals.map(({ attributes }) => attributes['cause'])).toEqual([
      'cold',
      'planned',
    ]);
    for (const renewal of renewals) {
      expect(linksOf(renewal)).toEqual([]);
      expect(renewal.parentSpanContext).toBeUndefined();
    }
  });

  it('that fails has an error.type, and so does its token call', async () => {
    const { tokens, portone } = await openObservedShop(sdk);
    portone.fail('tokens', { kind: 'status', status: 503 });
    await tokens.renew().catch(() => undefined);
    const failed = sdk.spans
      .getFinishedSpans()
      .filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(failed.map(({ name }) => name)).toEqual([
      'portone.auth.token.refresh',
      RENEWAL,
    ]);
    for (const { attributes } of failed)
      expect(attributes['error.type']).toBe('PORTONE_TOKEN_STATUS');
  });

  it('does not fail when a span processor of the app throws', async () => {
    const broken = () => {
      throw new Error('a broken processor');
    };
    const tracerProvider = new BasicTracerProvider({
      spanProcessors: [
        {
          onStart: () => undefined,
          onEnd: broken,
          forceFlush: () => Promise.resolve(),
          shutdown: () => Promise.resolve(),
        },
      ],
    });
    const telemetry = new PortOneTelemetry({ tracerProvider });
    const { tokens } = await openShop({ options: { telemetry } });
    await expect(tokens.renew()).resolves.toBeUndefined();
  });
});

describe('The span of a request shows', () => {
  it('that it waited for a token', async () => {
    const { http } = await openObservedShop(sdk, { options: { eager: false } });
    await sdk.request('GET /orders', () =>
      http.axiosRef.get('/payments/payment-1'),
    );
    const [request] = sdk.named('GET /orders');
    expect(eventsOf(request!)).toEqual([
      ['portone.auth.token.wait.begin', { client: 'default' }],
      ['portone.auth.token.wait.end', { client: 'default' }],
    ]);
  });

  it('that it was replayed, and how the replay ended', async () => {
    const { http, portone } = await openObservedShop(sdk);
    portone.revokeAccessTokens();
    await sdk.request('GET /orders', () =>
      http.axiosRef.get('/payments/payment-1'),
    );
    const [request] = sdk.named('GET /orders');
    expect(eventsOf(request!).at(-1)).toEqual([
      'portone.auth.request.replay',
      { client: 'default', outcome: 'healed' },
    ]);
    const [renewal] = sdk.named(RENEWAL).slice(-1);
    expect(linksOf(renewal!)).toEqual([idOf(request!)]);
    expect(renewal!.attributes['cause']).toBe('forced');
  });

  it('nothing when it did not wait and was not replayed', async () => {
    const { http } = await openObservedShop(sdk);
    await sdk.request('GET /orders', () =>
      http.axiosRef.get('/payments/payment-1'),
    );
    expect(eventsOf(sdk.named('GET /orders')[0]!)).toEqual([]);
  });
});
