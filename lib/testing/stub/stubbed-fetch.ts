import type { PortOneFetch } from '../../fetch/portone-fetch.token.js';
import { parseJson, toAnswer } from '../api/answer.js';
import {
  hasNoAnswer,
  type Respond,
  type StubbedRequest,
} from './stubbed-request.js';

/** An answer with one of these statuses must not have a body. */
const WITHOUT_BODY = [204, 205, 304];

/** A fetch that sends nothing. The function `respond` answers. */
export const stubbedFetch =
  (client: string, respond: Respond = hasNoAnswer): PortOneFetch =>
  async (input, init) => {
    const sent = new Request(input, init);
    const { status, body } = toAnswer(
      await respond(await toRequest(client, sent)),
    );
    sent.signal.throwIfAborted();
    const response = new Response(
      WITHOUT_BODY.includes(status) ? null : JSON.stringify(body),
      { status, headers: { 'content-type': 'application/json' } },
    );
    return Object.defineProperty(response, 'url', { value: sent.url });
  };

async function toRequest(
  client: string,
  sent: Request,
): Promise<StubbedRequest> {
  const { pathname, searchParams } = new URL(sent.url);
  return {
    client,
    method: sent.method,
    url: sent.url,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(sent.headers),
    body: sent.body ? await readBody(sent) : undefined,
  };
}

async function readBody(sent: Request): Promise<unknown> {
  const type = sent.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/')) return sent.formData();
  if (!/json|text|urlencoded/.test(type))
    return new Uint8Array(await sent.arrayBuffer());
  const text = await sent.text();
  return parseJson(text) ?? text;
}
