import type {
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Router } from './api/router.js';
import type { CallLog, RecordedCall } from './call-log.js';
import { endpointOf } from './emulator-options.js';
import type { Delays } from './faults/delays.js';
import type { FaultPlan } from './faults/fault-plan.js';
import { performFault } from './faults/perform-fault.js';
import type { TokenIssuer } from './tokens/token-issuer.js';

/** The parts of the emulator that decide an answer. */
interface Parts {
  readonly calls: CallLog;
  readonly faults: FaultPlan;
  readonly delays: Delays;
  readonly router: Router;
  readonly issuer: TokenIssuer;
}

/** Answers each request with the fault that was planned for it, or else as PortOne does, after the delay that was set. */
export function answerRequests(parts: Parts): RequestListener {
  return (request, response) => {
    // Usually the client has closed its connection. If not, the connection must not stay open without an answer.
    handle(parts, request, response).catch(() => response.destroy());
  };
}

async function handle(
  { calls, faults, delays, router, issuer }: Parts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const call: RecordedCall = {
    endpoint: endpointOf(url),
    method,
    path: url,
    headers,
    body: '',
    status: undefined,
  };
  calls.received(call);
  const planned = faults.take({ method, url });
  const body = await buffer(incoming);
  call.body = body.toString();

  const request = { method, url, headers, body };
  const fault = planned?.fault.kind === 'delay' ? undefined : planned?.fault;
  const decision =
    !fault || planned?.processed ? await router.answer(request) : undefined;
  const late = planned?.fault.kind === 'delay' ? planned.fault.ms : 0;
  const ms = delays.of(request) + late;
  if (ms > 0) await wait(ms, undefined, { ref: false });
  // PortOne completes a request even when its client has disconnected. A retry with the same key gets this answer.
  decision?.finish();
  if (response.destroyed) return;

  response.sendDate = false;
  response.setHeader('Date', new Date(issuer.now()).toUTCString());
  if (fault) {
    await performFault(fault, request, response, issuer);
  } else if (decision) {
    const { answer } = decision;
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }
  if (response.headersSent) calls.answered(call, response.statusCode);
}
