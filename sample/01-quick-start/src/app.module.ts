import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthModule, TokenUnavailableFilter } from 'nestjs-portone-auth';
import { PaymentErrorFilter } from './payments/payment-error.filter.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PortOneOptions } from './portone.options.js';
import { ApiKeyGuard } from './security/api-key.guard.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

@Module({
  imports: [
    AuthModule.forRootAsync({ isGlobal: true, useClass: PortOneOptions }),
    PaymentsModule,
  ],
  controllers: [WebhooksController],
  providers: [
    // Authenticates the caller. @RequirePermission does not: it checks the token of this service.
    { provide: APP_GUARD, useClass: ApiKeyGuard },
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ whitelist: true, transform: true }),
    },
    // Nest tries the last filter first, so the filter for every error comes before the one for a single error.
    { provide: APP_FILTER, useClass: PaymentErrorFilter },
    { provide: APP_FILTER, useClass: TokenUnavailableFilter },
  ],
})
export class AppModule {}
