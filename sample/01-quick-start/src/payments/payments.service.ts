import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { path } from 'nestjs-portone-auth';
import { firstValueFrom } from 'rxjs';
import type { CancelPaymentDto } from './cancel-payment.dto.js';
import type { Cancellation, Payment } from './payment.js';

interface PortOnePayment extends Omit<Payment, 'total'> {
  readonly amount: { readonly total: number };
}

/** Calls PortOne through the HttpService of AuthModule, which adds the token to every request. */
@Injectable()
export class PaymentsService {
  constructor(private readonly http: HttpService) {}

  async find(paymentId: string): Promise<Payment> {
    const { data } = await firstValueFrom(
      this.http.get<PortOnePayment>(path`/payments/${paymentId}`),
    );
    const { id, status, currency, amount } = data;
    return { id, status, currency, total: amount.total };
  }

  async cancel(
    paymentId: string,
    { reason, amount }: CancelPaymentDto,
    idempotencyKey: string,
  ): Promise<Cancellation> {
    const { data } = await firstValueFrom(
      this.http.post<{ cancellation: Cancellation }>(
        path`/payments/${paymentId}/cancel`,
        { reason, amount },
        { headers: { 'Idempotency-Key': idempotencyKey } },
      ),
    );
    const { id, status, totalAmount } = data.cancellation;
    return { id, status, totalAmount };
  }

  async payouts(): Promise<unknown> {
    const { data } = await firstValueFrom(
      this.http.get<unknown>('/platform/payouts'),
    );
    return data;
  }
}
