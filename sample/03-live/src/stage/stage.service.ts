import { randomBytes } from 'node:crypto';
import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { AuthModuleOptions } from 'nestjs-portone-auth';
import type { PortOneEmulator } from 'nestjs-portone-auth/testing';
import { Subject } from 'rxjs';
import { emulatorIfAsked } from '../../../01-quick-start/src/emulator.js';
import { PortOneOptions } from '../../../01-quick-start/src/portone.options.js';
import { FleetRedis } from './fleet-redis.js';
import type { Act, Happening } from './happening.js';
import { OtherInstance } from './other-instance.js';

/** Seconds. Short enough to watch the whole life of a token. */
const TOKEN_SECONDS = 40;
const SLOW_MS = 3_000;

/** Owns everything around the shop: the PortOne emulator, the Redis and the other instance. */
export class Stage implements OnModuleDestroy, OnApplicationShutdown {
  /** The effects of buttons, and the events of the other instance's token. */
  readonly happenings$ = new Subject<Happening>();
  isLoginDown = false;
  isLoginSlow = false;
  private other?: OtherInstance;

  private constructor(
    readonly portone: PortOneEmulator,
    private readonly redis?: FleetRedis,
  ) {}

  /** The variable TOKEN_SECONDS sets the lifetime of a token; default 40. Throws without PORTONE_EMULATOR=1. */
  static async open(env: NodeJS.ProcessEnv): Promise<Stage> {
    const accessTokenLifetime = Number(env['TOKEN_SECONDS'] ?? TOKEN_SECONDS);
    const portone = await emulatorIfAsked(env, { accessTokenLifetime });
    if (!portone)
      throw new Error(
        'The live page works only beside the emulator, because its buttons revoke tokens and take the login down. Run: npm start',
      );
    return new Stage(portone, await FleetRedis.find(env));
  }

  /** The options of every instance. Backoffs are short, so that a recovery is seen at once. */
  portOneOptions(): AuthModuleOptions {
    return {
      ...new PortOneOptions().createAuthOptions(),
      renewal: { backoff: { initial: 500, max: 4_000 } },
      webhook: { secret: this.portone.webhookSecret },
      ...(this.redis && { store: this.redis.store() }),
    };
  }

  get isShared(): boolean {
    return this.redis !== undefined;
  }

  get otherInstance() {
    return this.other?.snapshot;
  }

  revoke(): void {
    this.portone.revokeAccessTokens();
    this.publish({ type: 'revoked' });
  }

  takeLoginDown(): void {
    this.portone.fail('tokens', { kind: 'status', status: 503 });
    this.isLoginDown = true;
    this.publish({ type: 'login-down' });
  }

  bringLoginUp(): void {
    this.portone.heal('tokens');
    this.isLoginDown = false;
    this.publish({ type: 'login-up' });
  }

  slowLogin(isSlow: boolean): void {
    this.portone.delay('tokens', isSlow ? SLOW_MS : 0);
    this.isLoginSlow = isSlow;
    this.publish({ type: isSlow ? 'login-slow' : 'login-fast' });
  }

  /** Applies to tokens issued from now on. */
  grant(permission: string): void {
    const others = this.portone.permissions.filter((it) => it !== permission);
    this.portone.setPermissions([...others, permission]);
    this.publish({ type: 'permission-given' });
  }

  /** Applies to tokens issued from now on. */
  withdraw(permission: string): void {
    this.portone.setPermissions(
      this.portone.permissions.filter((it) => it !== permission),
    );
    this.publish({ type: 'permission-taken' });
  }

  /** A forged webhook is signed with a random secret. */
  async sendWebhook(url: string, isForged: boolean): Promise<void> {
    const event = {
      type: 'Transaction.Paid',
      data: { paymentId: 'payment-1' },
    };
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    const { status } = await this.portone.sendWebhook(
      url,
      event,
      isForged ? { secret } : {},
    );
    this.publish({ type: 'webhook', isForged, status });
  }

  async startOther(): Promise<void> {
    if (this.other) return;
    this.other = await OtherInstance.start(this.portOneOptions(), (event) =>
      this.happenings$.next({ ...event, instance: 'second' }),
    );
    this.publish({ type: 'instance-started' });
  }

  async killOther(): Promise<void> {
    const { other } = this;
    if (!other) return;
    this.other = undefined;
    await other.kill();
    this.publish({ type: 'instance-killed' });
  }

  publish(act: Act): void {
    this.happenings$.next({ ...act, at: Date.now(), instance: 'stage' });
  }

  async onModuleDestroy(): Promise<void> {
    await this.other?.kill();
    this.happenings$.complete();
  }

  /** Not earlier, because requests of the shop may need a token until now. */
  async onApplicationShutdown(): Promise<void> {
    await this.portone.stop();
    await this.redis?.close();
  }
}
