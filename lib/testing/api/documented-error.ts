import { errorAnswer, type Answer } from './answer.js';
import { findOperation } from './facts/find-operation.js';

const COMMON_TYPES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
};

/** The further fields that PortOne documents as required for an error type. */
function requiredWith(type: string): object {
  if (type === 'PG_PROVIDER')
    return { pgCode: 'EMULATED', pgMessage: 'A test made this call fail.' };
  if (type === 'CHANNEL_SPECIFIC')
    return { failures: [], succeededChannels: [] };
  return /_SETTLEMENTS_NOT_FOUND$|_IDS_ALREADY_EXISTS$/.test(type)
    ? { ids: [], graphqlIds: [] }
    : {};
}

/** The error that PortOne documents for this status of an operation; the type is `STATUS_<n>` when it documents none. */
export function documentedError(
  status: number,
  method: string,
  path: string,
): Answer {
  const type =
    findOperation(method, path)?.errorTypes.get(status) ??
    COMMON_TYPES[status] ??
    `STATUS_${status}`;
  const error = errorAnswer(
    status,
    type,
    `The emulator was told to answer ${status}.`,
  );
  return { status, body: { ...(error.body as object), ...requiredWith(type) } };
}
