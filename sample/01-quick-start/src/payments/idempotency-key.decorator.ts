import {
  BadRequestException,
  createParamDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { idempotencyKey } from 'nestjs-portone-auth';

/** The key between the quotes of a header such as `"refund-of-order-0001"`. */
const QUOTED = /^"([^"\\]*)"$/;

/**
 * The caller's Idempotency-Key. The shop passes it on to PortOne and does not generate one: only the caller knows whether a
 * second request repeats a refund or is another refund.
 */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => {
    const { headers } = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, unknown> }>();
    const [, text] = QUOTED.exec(String(headers['idempotency-key'])) ?? [];
    try {
      return idempotencyKey(text!);
    } catch {
      throw new BadRequestException(
        'Idempotency-Key must be 16 to 256 ASCII characters in double quotes.',
      );
    }
  },
);
