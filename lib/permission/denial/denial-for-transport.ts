import type { ExecutionContext } from '@nestjs/common';
import { errorForTransport } from '../../errors/error-for-transport.js';
import type { PermissionDeniedException } from './permission-denied.exception.js';

/** Express's response or Fastify's reply. Other adapters may have only Node's `setHeader`. */
interface HttpResponse {
  header?(name: string, value: string): unknown;
  setHeader?(name: string, value: string): unknown;
}

/** The error to throw so that the caller gets the code and headers of a denial. */
export async function denialForTransport(
  denied: PermissionDeniedException,
  context: ExecutionContext,
): Promise<Error> {
  if (context.getType() === 'http') {
    const response = context
      .switchToHttp()
      .getResponse<HttpResponse | undefined>();
    denied.headers.forEach((value, name) => {
      if (response?.header) response.header(name, value);
      else response?.setHeader?.(name, value);
    });
    return denied;
  }
  const { code, message, headers } = denied;
  const body = { statusCode: denied.getStatus(), code, message };
  return (await errorForTransport({ body, headers }, context)) ?? denied;
}
