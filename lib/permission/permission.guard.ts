import {
  ForbiddenException,
  HttpException,
  HttpStatus,
  Injectable,
  Logger,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import {
  retryAfter,
  TokenUnavailableError,
  tokenUnavailableBody,
} from '../errors/index.js';
import { getTokenServiceToken } from '../token/token-service.token.js';
import type { TokenService } from '../token/token.service.js';
import { requirementsOf, type PermissionRequirement } from './requirement.js';

/** Seconds a caller is told to wait when our own secret is refused: one attempt is made a minute. */
const REJECTED_RETRY_MS = 60_000;

/** Checks `@RequirePermission` against the permissions of our own PortOne token. It authenticates no caller. */
@Injectable()
export class PermissionGuard implements CanActivate {
  private readonly logger = new Logger('PortOneAuth:PermissionGuard');

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** Throws 403, or 503 with `Retry-After` when there is no token to look at; denies in every context but HTTP. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const controller = context.getClass();
    const handler = context.getHandler();
    const requirements = requirementsOf(controller, handler);
    if (requirements.length === 0) return true;
    if (context.getType() !== 'http') throw new ForbiddenException();
    for (const requirement of requirements) {
      const missing = await this.missing(requirement, context);
      if (missing.length > 0) {
        this.logger.warn(
          `${controller.name}.${handler.name} denied: our token of client '${requirement.client ?? 'default'}' lacks ${missing.join(', ')}.`,
        );
        throw new HttpException(
          SERVICE_PERMISSION_MISSING,
          HttpStatus.FORBIDDEN,
        );
      }
    }
    return true;
  }

  private async missing(
    requirement: PermissionRequirement,
    context: ExecutionContext,
  ): Promise<string[]> {
    const tokens = this.moduleRef.get<TokenService>(
      getTokenServiceToken(requirement.client),
      { strict: false },
    );
    try {
      await tokens.getAccessToken();
    } catch (error) {
      throw this.unavailable(error, context);
    }
    return requirement.expressions.flatMap((expression) =>
      tokens.missingPermissions(expression),
    );
  }

  private unavailable(
    error: unknown,
    context: ExecutionContext,
  ): HttpException {
    const retryAfterMs =
      error instanceof TokenUnavailableError
        ? error.retryAfterMs
        : REJECTED_RETRY_MS;
    const response = context.switchToHttp().getResponse<unknown>();
    // Only just before throwing: a guard that combines others may still let the request pass.
    this.adapterHost.httpAdapter.setHeader(
      response,
      'Retry-After',
      retryAfter({ retryAfterMs }),
    );
    return new HttpException(
      tokenUnavailableBody(),
      HttpStatus.SERVICE_UNAVAILABLE,
    );
  }
}

/** A fixed text: an anonymous caller never learns what our secret lacks. */
const SERVICE_PERMISSION_MISSING = {
  statusCode: HttpStatus.FORBIDDEN,
  code: 'PORTONE_SERVICE_PERMISSION_MISSING',
  message: 'This service is not permitted to do that at the payment provider.',
};
