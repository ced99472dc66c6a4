import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import {
  isPortOneAuthError,
  isTokenUnavailableError,
} from '../errors/index.js';
import { TokenCallFailure } from '../portone/token-call.failure.js';
import type { RunRenewal } from '../token/report/telemetry.js';
import type { RenewalCause } from '../token/life/life-reports.js';
import { quietly } from './quietly.js';

/** The spans of one client, and the span events that it adds to the spans of its callers. */
export class ClientTraces {
  constructor(
    private readonly tracer: Tracer,
    private readonly client: string,
  ) {}

  /** A renewal serves many requests, so its span starts a new trace, with a link to the request that caused it. */
  renewal(cause: RenewalCause): RunRenewal {
    const link = activeSpan()?.spanContext();
    return (work) =>
      this.within(
        'portone.auth.token.renewal',
        {
          root: true,
          attributes: { cause },
          ...(link && { links: [{ context: link }] }),
        },
        work,
        (token): Attributes => (token ? { method: token.method } : {}),
      );
  }

  tokenCall<T>(
    method: 'login' | 'refresh',
    work: () => Promise<T>,
  ): Promise<T> {
    return this.within(
      `portone.auth.token.${method}`,
      { kind: SpanKind.CLIENT, attributes: { method } },
      work,
    );
  }

  waiting(): () => void {
    const span = activeSpan();
    if (!span) return () => undefined;
    const { client } = this;
    addEvent(span, 'portone.auth.token.wait.begin', { client });
    return () => addEvent(span, 'portone.auth.token.wait.end', { client });
  }

  replayed(outcome: 'healed' | 'unhealed'): void {
    const { client } = this;
    addEvent(activeSpan(), 'portone.auth.request.replay', { client, outcome });
  }

  private async within<T>(
    name: string,
    options: SpanOptions,
    work: () => Promise<T>,
    resultOf: (result: T) => Attributes = () => ({}),
  ): Promise<T> {
    const { client } = this;
    const attributes = { client, ...options.attributes };
    const parent = options.root ? ROOT_CONTEXT : context.active();
    const span = quietly(() =>
      this.tracer.startSpan(name, { ...options, attributes }, parent),
    );
    if (!span) return work();
    try {
      const result = await context.with(trace.setSpan(parent, span), work);
      quietly(() => span.setAttributes(resultOf(result)));
      return result;
    } catch (error) {
      quietly(() => {
        span.setAttribute('error.type', errorType(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
      });
      throw error;
    } finally {
      quietly(() => span.end());
    }
  }
}

/** The active span, unless it has ended or is not recorded. */
function activeSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() ? span : undefined;
}

function addEvent(
  span: Span | undefined,
  name: string,
  attributes: Attributes,
): void {
  if (span?.isRecording()) quietly(() => span.addEvent(name, attributes));
}

/** A code or reason of this package, never a message. */
function errorType(error: unknown): string {
  if (error instanceof TokenCallFailure || isTokenUnavailableError(error))
    return error.reason;
  return isPortOneAuthError(error) ? error.code : '_OTHER';
}
