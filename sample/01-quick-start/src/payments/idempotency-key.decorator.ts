import {
  BadRequestException,
  createParamDecorator,
  type ExecutionContext,
} from '@nestjs/common';

/** PortOne's rule: 16 to 256 ASCII characters in double quotes. */
const IDEMPOTENCY_KEY = /^"[\x20\x21\x23-\x5b\x5d-\x7e]{16,256}"$/;

/**
 * The caller's Idempotency-Key. The shop asks for it and hands it on instead of making one up: only the caller knows
 * whether a second request is the same refund again or another one.
 */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => {
    const { headers } = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, unknown> }>();
    const key = headers['idempotency-key'];
    if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
      throw new BadRequestException(
        'Idempotency-Key must be 16 to 256 ASCII characters in double quotes.',
      );
    }
    return key;
  },
);
