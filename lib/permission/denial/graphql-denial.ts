import { IntrinsicException } from '@nestjs/common';
import type { PermissionDeniedException } from './permission-denied.exception.js';

/**
 * A denial for a GraphQL client. graphql-js copies `extensions` to the error it answers with, and Apollo takes status and
 * headers from there; an HttpException would lose its code, and a 503 become INTERNAL_SERVER_ERROR.
 */
export class GraphqlDenial extends IntrinsicException {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(denied: PermissionDeniedException) {
    super(denied.message);
    const { code, headers } = denied;
    const status = denied.getStatus();
    this.extensions = {
      code,
      statusCode: status,
      http: { status, headers },
    };
  }
}
