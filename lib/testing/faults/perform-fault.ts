import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers';
import { unref } from '../../time/timers.js';
import { splitUrl } from '../api/api-request.js';
import { documentedError } from '../api/documented-error.js';
import type { AnswerFault, Fault, TokenFault } from './fault.js';
import type { TokenIssuer } from '../tokens/token-issuer.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const HTML_TYPE = { 'Content-Type': 'text/html; charset=utf-8' };
const HALF = '{"accessToken":"';
const PAGE = '<!doctype html><title>Service</title><h1>Please wait</h1>';
const FIREWALL =
  '<!doctype html><title>401</title><h1>Request blocked by the firewall</h1>';

/** A fault that replaces the answer: every one except `delay`. */
export type ReplacingFault = Exclude<Fault, { kind: 'delay' }>;

/** The request that gets the fault. */
interface FaultyRequest {
  readonly method: string;
  readonly url: string;
}

/** Sends the faulty response. When it returns, the fault may still be sending. */
export async function performFault(
  fault: ReplacingFault,
  request: FaultyRequest,
  response: ServerResponse,
  issuer: TokenIssuer,
): Promise<void> {
  const tokens = await wrongTokens(fault, issuer);
  if (tokens) {
    response.writeHead(200, JSON_TYPE).end(JSON.stringify(tokens));
  } else {
    breakAnswer(
      fault as Exclude<AnswerFault, { kind: 'delay' }>,
      request,
      response,
    );
  }
}

function breakAnswer(
  fault: Exclude<AnswerFault, { kind: 'delay' }>,
  { method, url }: FaultyRequest,
  response: ServerResponse,
): void {
  const { socket } = response;
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfter } = fault;
      const { body } =
        fault.body === undefined
          ? documentedError(status, method, splitUrl(url)[0])
          : fault;
      if (retryAfter !== undefined) {
        response.setHeader('Retry-After', String(retryAfter));
      }
      response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));
      return;
    }
    case 'hang':
      return;
    case 'reset-before-answer':
      socket?.resetAndDestroy();
      return;
    case 'reset-mid-answer':
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1000 });
      response.write(HALF, () => setImmediate(() => socket?.resetAndDestroy()));
      return;
    case 'headers-then-hang':
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1000 });
      response.flushHeaders();
      return;
    case 'slow-drip':
      response.writeHead(200, JSON_TYPE);
      drip(response, fault.intervalMs ?? 50);
      return;
    case 'truncated':
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1000 });
      response.write(HALF, () => socket?.end());
      return;
    case 'garbage':
      socket?.end(
        Buffer.from([0x00, 0xff, 0x16, 0x03, 0x0d, 0x0a, 0x0d, 0x0a]),
      );
      return;
    case 'html':
      response.writeHead(200, HTML_TYPE).end(PAGE);
      return;
    case 'html-401':
      response.writeHead(401, HTML_TYPE).end(FIREWALL);
      return;
    case 'empty-body':
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 0 }).end();
      return;
    case 'broken-json':
      response.writeHead(200, JSON_TYPE).end(HALF);
      return;
    case 'redirect':
      response
        .writeHead(fault.status ?? 307, { Location: fault.location })
        .end();
      return;
  }
}

function drip(response: ServerResponse, intervalMs: number): void {
  response.write('{');
  const timer = setInterval(() => response.write(' '), intervalMs);
  unref(timer);
  response.once('close', () => clearInterval(timer));
}

async function wrongTokens(
  fault: ReplacingFault,
  issuer: TokenIssuer,
): Promise<object | undefined> {
  const { iat, exp } = issuer.times();
  switch (fault.kind as TokenFault['kind']) {
    case 'missing-tokens':
      return {};
    case 'access-token-only': {
      const { accessToken } = await issuer.sign({ iat, exp });
      return { accessToken };
    }
    case 'expired-tokens':
      return issuer.sign({ iat: iat - 60 - (exp - iat), exp: iat - 60 });
    case 'malformed-tokens':
      return { accessToken: 'not-a-jwt', refreshToken: 'a.b.c' };
    case 'exp-not-after-iat':
      return issuer.sign({ iat: exp, exp });
    default:
      return undefined;
  }
}
