import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from 'nestjs-portone-auth';
import { PaymentsService } from './payments.service.js';

/** The secret of a shop without the platform product lacks this permission: the route answers 403 without a call to PortOne. */
@Controller('payouts')
@RequirePermission('PLATFORM_PAYOUT_READ')
export class PayoutsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get()
  list(): Promise<unknown> {
    return this.payments.payouts();
  }
}
