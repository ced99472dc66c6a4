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

/** The 400 PortOne gives for a body, a query or a header that it cannot use. */
export const invalid = (message: string): Answer =>
  errorAnswer(400, 'INVALID_REQUEST', message);

/** The 401 PortOne gives for a missing, wrong, expired or revoked credential. */
export const unauthorized = (message: string): Answer =>
  errorAnswer(401, 'UNAUTHORIZED', message);

/** The 403 PortOne gives for what the credential may not do. */
export const forbidden = (message: string): Answer =>
  errorAnswer(403, 'FORBIDDEN', message);

/** Reads a JSON object; `undefined` for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads JSON; `undefined` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer with a status of its own; anything else that a handler returns is the body of a 200. */
export interface EmulatedAnswer {
  /** Default 200. */
  readonly status?: number;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** The answer that a handler's return value stands for. */
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
