import { Controller, HttpCode, Logger, Post } from '@nestjs/common';
import {
  PortOneWebhook,
  WebhookEvent,
  WebhookId,
  type PortOneWebhookEvent,
} from 'nestjs-portone-auth/webhook';
import { Public } from '../../../01-quick-start/src/security/public.decorator.js';

@Controller('webhooks')
export class WebhooksController {
  private readonly logger = new Logger(WebhooksController.name);

  /** Public, because PortOne does not have the shop's key. Its signature authenticates it. */
  @Post('portone')
  @HttpCode(200)
  @Public()
  @PortOneWebhook()
  handle(
    @WebhookEvent() event: PortOneWebhookEvent,
    @WebhookId() id: string,
  ): void {
    this.logger.log(
      `${String('type' in event ? event.type : event.status)} (${id})`,
    );
  }
}
