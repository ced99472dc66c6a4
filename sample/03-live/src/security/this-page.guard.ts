import {
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';

const THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Accepts requests of this server's own page only. Another page in the same browser could send requests to 127.0.0.1 too, directly
 * or through its own host name that resolves to 127.0.0.1.
 */
@Injectable()
export class ThisPageGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string | undefined> }>();
    const site = headers['sec-fetch-site'];
    return (
      THIS_MACHINE.test(headers['host'] ?? '') &&
      (site === undefined || site === 'same-origin')
    );
  }
}
