import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../../lib/index.js';

/** `GET /payments` answers 200 to callers whose token has `TX_READ`. */
@Controller()
export class CallersPayments {
  @Get('payments')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  list() {
    return 'let in';
  }
}
