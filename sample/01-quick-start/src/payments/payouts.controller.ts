import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from 'nestjs-portone-auth';
import { PaymentsService } from './payments.service.js';

/** The secret of a shop without the platform product lacks this permission: the route says 403 and PortOne is not asked. */
@Controller('payouts')
@RequirePermission('PLATFORM_PAYOUT_READ')
export class PayoutsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get()
  list(): Promise<unknown> {
    return this.payments.payouts();
  }
}
