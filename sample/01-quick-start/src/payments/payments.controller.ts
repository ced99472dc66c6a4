import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RequirePermission } from 'nestjs-portone-auth';
import { CancelPaymentDto } from './cancel-payment.dto.js';
import { IdempotencyKey } from './idempotency-key.decorator.js';
import type { Cancellation, Payment } from './payment.js';
import { PaymentIdPipe } from './payment-id.pipe.js';
import { PaymentsService } from './payments.service.js';

@Controller('payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get(':id')
  @RequirePermission('TX_READ')
  find(@Param('id', PaymentIdPipe) id: string): Promise<Payment> {
    return this.payments.find(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('TX_UPDATE')
  cancel(
    @Param('id', PaymentIdPipe) id: string,
    @Body() request: CancelPaymentDto,
    @IdempotencyKey() idempotencyKey: string,
  ): Promise<Cancellation> {
    return this.payments.cancel(id, request, idempotencyKey);
  }
}
