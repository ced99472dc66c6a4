import { Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthModule, TokenUnavailableFilter } from 'nestjs-portone-auth';
import { PaymentErrorFilter } from '../../01-quick-start/src/payments/payment-error.filter.js';
import { PaymentsModule } from '../../01-quick-start/src/payments/payments.module.js';
import { LiveModule } from './live/live.module.js';
import { ApiKeyGuard } from '../../01-quick-start/src/security/api-key.guard.js';
import { HealthModule } from './shop/health.module.js';
import { WebhooksController } from './shop/webhooks.controller.js';
import { StageModule } from './stage/stage.module.js';
import { Stage } from './stage/stage.service.js';

/** The shop of the quick start with a webhook route, a health check, and the live page. */
@Module({
  imports: [
    StageModule,
    AuthModule.forRootAsync({
      isGlobal: true,
      imports: [StageModule],
      inject: [Stage],
      useFactory: (stage: Stage) => stage.portOneOptions(),
    }),
    PaymentsModule,
    HealthModule,
    LiveModule,
  ],
  controllers: [WebhooksController],
  providers: [
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
