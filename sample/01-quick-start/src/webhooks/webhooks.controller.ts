import { Controller, HttpCode, Post } from '@nestjs/common';
import {
  PortOneWebhook,
  WebhookEvent,
  WebhookId,
  type PortOneWebhookEvent,
} from 'nestjs-portone-auth/webhook';
import { Public } from '../security/public.decorator.js';

/** PortOne calls this route when a payment changes. The signature authenticates PortOne, not the key of the shop. */
@Controller('webhooks')
export class WebhooksController {
  /** The ids of handled webhooks. A real app stores them in its database. */
  readonly handled = new Set<string>();

  @Post('portone')
  @HttpCode(200)
  @Public()
  @PortOneWebhook({ secret: () => process.env['PORTONE_WEBHOOK_SECRET'] })
  receive(
    @WebhookEvent() event: PortOneWebhookEvent,
    @WebhookId() id: string,
  ): { readonly handled: boolean } {
    // PortOne sends an event again with the same id.
    const isNew = !this.handled.has(id);
    this.handled.add(id);
    return { handled: isNew && 'type' in event };
  }
}
