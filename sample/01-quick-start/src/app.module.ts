import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthModule, TokenUnavailableFilter } from 'nestjs-portone-auth';
import { PaymentErrorFilter } from './payments/payment-error.filter.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PortOneOptions } from './portone.options.js';
import { ApiKeyGuard } from './security/api-key.guard.js';

@Module({
  imports: [
    AuthModule.forRootAsync({ isGlobal: true, useClass: PortOneOptions }),
    PaymentsModule,
  ],
  providers: [
    // Who is calling? @RequirePermission cannot say: it looks at the token of this service, not of the caller.
    { provide: APP_GUARD, useClass: ApiKeyGuard },
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ whitelist: true, transform: true }),
    },
    // Nest asks the last one first: the catch-all has to come before the one that knows its error.
    { provide: APP_FILTER, useClass: PaymentErrorFilter },
    { provide: APP_FILTER, useClass: TokenUnavailableFilter },
  ],
})
export class AppModule {}
