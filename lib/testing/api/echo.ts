import { ok, type Answer } from './answer.js';
import { splitUrl, type ReceivedRequest } from './api-request.js';

const HIDDEN = '[credential]';
const CREDENTIAL_HEADERS = /^(authorization|proxy-authorization|cookie)$/;
// The header of a JWT is a JSON object in base64url, which always begins with `eyJ`.
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Whether a request is for `/echo`, which only the emulator has. */
export function isEcho(url: string): boolean {
  const [path] = splitUrl(url);
  return path === '/echo' || path.startsWith('/echo/');
}

/** Answers with the received request. Credentials are replaced, because a test may print the answer. */
export function echo(request: ReceivedRequest, apiSecret: string): Answer {
  const hide = (text: string) =>
    text.replaceAll(apiSecret, HIDDEN).replace(JWT, HIDDEN);
  const { method, url, body } = request;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      CREDENTIAL_HEADERS.test(name)
        ? HIDDEN
        : Array.isArray(value)
          ? value.map(hide)
          : hide(value ?? ''),
    ]),
  );
  const sent = Buffer.from(hide(body.toString('latin1')), 'latin1');
  return ok({ method, url: hide(url), headers, body: sent.toString('base64') });
}
