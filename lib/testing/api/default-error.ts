import { errorAnswer, type Answer } from './answer.js';
import { findOperation } from './facts/find-operation.js';

const EVERYWHERE: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
};

/** The fields of an error that PortOne documents as required, besides `type`. */
function requiredWith(type: string): object {
  if (type === 'PG_PROVIDER')
    return { pgCode: 'EMULATED', pgMessage: 'Told to fail by a test.' };
  if (type === 'CHANNEL_SPECIFIC')
    return { failures: [], succeededChannels: [] };
  return /_SETTLEMENTS_NOT_FOUND$|_IDS_ALREADY_EXISTS$/.test(type)
    ? { ids: [], graphqlIds: [] }
    : {};
}

/** The error PortOne documents for a status of an operation; `STATUS_<n>` where it documents none. */
export function defaultError(
  status: number,
  method: string,
  path: string,
): Answer {
  const type =
    findOperation(method, path)?.errorTypes.get(status) ??
    EVERYWHERE[status] ??
    `STATUS_${status}`;
  const told = errorAnswer(
    status,
    type,
    `The emulator was told to answer ${status}.`,
  );
  return { status, body: { ...(told.body as object), ...requiredWith(type) } };
}
