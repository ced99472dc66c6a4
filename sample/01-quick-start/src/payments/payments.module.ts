import { Module } from '@nestjs/common';
import { PaymentsController } from './payments.controller.js';
import { PaymentsService } from './payments.service.js';
import { PayoutsController } from './payouts.controller.js';

@Module({
  controllers: [PaymentsController, PayoutsController],
  providers: [PaymentsService],
})
export class PaymentsModule {}
