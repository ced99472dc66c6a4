/** The answer of an endpoint: an HTTP status and a body that is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** PortOne's error body, `{ type, message }`, with its HTTP status. */
export const errorAnswer = (
  status: number,
  type: string,
  message: string,
): Answer => ({ status, body: { type, message } });

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** PortOne's 400 for a body, a query or a header with a mistake. */
export const invalid = (message: string): Answer =>
  errorAnswer(400, 'INVALID_REQUEST', message);

/** PortOne's 401 for a missing, wrong, expired or revoked credential. */
export const unauthorized = (message: string): Answer =>
  errorAnswer(401, 'UNAUTHORIZED', message);

/** PortOne's 403 for a credential without the permission. */
export const forbidden = (message: string): Answer =>
  errorAnswer(403, 'FORBIDDEN', message);

/** Parses a JSON object; `undefined` for any other text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Parses JSON; `undefined` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer with its own status. Any other value that a handler returns is sent as the body of a 200. */
export interface EmulatedAnswer {
  /** Default 200. */
  readonly status?: number;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Makes the answer from the value that a handler returned. */
export function toAnswer(returned: unknown): Answer {
  if (typeof returned !== 'object' || returned === null)
    return { status: 200, body: returned ?? {} };
  const { status = 200, body = {}, ...rest } = returned as EmulatedAnswer;
  const isAnswer =
    Object.keys(rest).length === 0 &&
    ('status' in returned || 'body' in returned) &&
    Number.isInteger(status);
  return isAnswer ? { status, body } : { status: 200, body: returned };
}
