import {
  Controller,
  Header,
  Sse,
  UseGuards,
  type MessageEvent,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { Public } from '../../../01-quick-start/src/security/public.decorator.js';
import { ThisPageGuard } from '../security/this-page.guard.js';
import { LiveFeed } from './live-feed.service.js';

/** The event stream of the page. */
@Controller('live')
@Public()
@UseGuards(ThisPageGuard)
@ApiExcludeController()
export class LiveController {
  constructor(private readonly feed: LiveFeed) {}

  @Sse('events')
  @Header('Cache-Control', 'no-store')
  events(): Observable<MessageEvent> {
    return this.feed.messages();
  }
}
