import {
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';

const THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Lets only the page of this server press the buttons. A page from elsewhere that the same browser has open could send
 * requests to 127.0.0.1 as well, directly or under a name of its own that leads there.
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
