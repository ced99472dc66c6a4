import { setTimeout as delay } from 'node:timers/promises';
import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TokenService } from 'nestjs-portone-auth';
import { Public } from '../../../01-quick-start/src/security/public.decorator.js';
import { ThisPageGuard } from '../security/this-page.guard.js';
import { Stage } from '../stage/stage.service.js';
import { Visitors } from './visitors.service.js';

const PERMISSION = 'TX_UPDATE';
const REQUESTS = 200;
const WEBHOOKS = '/webhooks/portone';

/** One route for each button. The answers are empty, because the stream shows what happened. */
@Controller('live')
@Public()
@UseGuards(ThisPageGuard)
@ApiExcludeController()
export class ControlsController {
  constructor(
    private readonly stage: Stage,
    private readonly visitors: Visitors,
    private readonly tokens: TokenService,
  ) {}

  @Post('revoke')
  @HttpCode(204)
  revoke(): void {
    this.stage.revoke();
  }

  @Post('requests')
  @HttpCode(204)
  requests(): Promise<void> {
    return this.visitors.send(REQUESTS);
  }

  @Post('login/down')
  @HttpCode(204)
  loginDown(): void {
    this.stage.takeLoginDown();
  }

  @Post('login/up')
  @HttpCode(204)
  loginUp(): void {
    this.stage.bringLoginUp();
  }

  @Post('login/slow')
  @HttpCode(204)
  loginSlow(): void {
    this.stage.slowLogin(true);
  }

  @Post('login/fast')
  @HttpCode(204)
  loginFast(): void {
    this.stage.slowLogin(false);
  }

  @Post('permission/take')
  @HttpCode(204)
  takePermission(): Promise<void> {
    this.stage.withdraw(PERMISSION);
    return this.untilTokenShows(false);
  }

  @Post('permission/give')
  @HttpCode(204)
  givePermission(): Promise<void> {
    this.stage.grant(PERMISSION);
    return this.untilTokenShows(true);
  }

  @Post('webhook/signed')
  @HttpCode(204)
  webhook(): Promise<void> {
    return this.stage.sendWebhook(this.visitors.url(WEBHOOKS), false);
  }

  @Post('webhook/forged')
  @HttpCode(204)
  forgedWebhook(): Promise<void> {
    return this.stage.sendWebhook(this.visitors.url(WEBHOOKS), true);
  }

  @Post('instance/start')
  @HttpCode(204)
  startInstance(): Promise<void> {
    return this.stage.startOther();
  }

  @Post('instance/kill')
  @HttpCode(204)
  killInstance(): Promise<void> {
    return this.stage.killOther();
  }

  /**
   * Permissions are written in the token, so only a new token shows the change. `renew()` renews at most once a second, so after
   * two quick presses it must be called again. While the login is down, the change comes with a later token.
   */
  private async untilTokenShows(isGranted: boolean): Promise<void> {
    for (const waitMs of [0, 1_000]) {
      await delay(waitMs);
      await this.tokens.renew().catch(() => undefined);
      if (this.tokens.hasPermission(PERMISSION) === isGranted) return;
    }
  }
}
