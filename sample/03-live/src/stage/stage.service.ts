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

/** Seconds. Short enough to watch a whole life. */
const TOKEN_SECONDS = 40;
const SLOW_MS = 3_000;

/** Owns what stands around the shop: PortOne's emulator, the Redis, and the other instance. */
export class Stage implements OnModuleDestroy, OnApplicationShutdown {
  /** What was done here, and what happened to the token of the other instance. */
  readonly happenings$ = new Subject<Happening>();
  isLoginDown = false;
  isLoginSlow = false;
  private other?: OtherInstance;

  private constructor(
    readonly portone: PortOneEmulator,
    private readonly redis?: FleetRedis,
  ) {}

  /** TOKEN_SECONDS is the life of a token. Default 40. Throws without PORTONE_EMULATOR=1. */
  static async open(env: NodeJS.ProcessEnv): Promise<Stage> {
    const accessTokenLifetime = Number(env['TOKEN_SECONDS'] ?? TOKEN_SECONDS);
    const portone = await emulatorIfAsked(env, { accessTokenLifetime });
    if (!portone)
      throw new Error(
        'The live page works only beside the emulator: its buttons revoke tokens and take the login down. Run: npm start',
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
    this.tell({ type: 'revoked' });
  }

  takeLoginDown(): void {
    this.portone.fail('tokens', { kind: 'status', status: 503 });
    this.isLoginDown = true;
    this.tell({ type: 'login-down' });
  }

  bringLoginUp(): void {
    this.portone.heal('tokens');
    this.isLoginDown = false;
    this.tell({ type: 'login-up' });
  }

  slowLogin(isSlow: boolean): void {
    this.portone.delay('tokens', isSlow ? SLOW_MS : 0);
    this.isLoginSlow = isSlow;
    this.tell({ type: isSlow ? 'login-slow' : 'login-fast' });
  }

  /** Good for tokens issued from now on. */
  grant(permission: string): void {
    const others = this.portone.permissions.filter((it) => it !== permission);
    this.portone.setPermissions([...others, permission]);
    this.tell({ type: 'permission-given' });
  }

  /** Good for tokens issued from now on. */
  withdraw(permission: string): void {
    this.portone.setPermissions(
      this.portone.permissions.filter((it) => it !== permission),
    );
    this.tell({ type: 'permission-taken' });
  }

  /** A forged one is signed with a secret that is not PortOne's. */
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
    this.tell({ type: 'webhook', isForged, status });
  }

  async startOther(): Promise<void> {
    if (this.other) return;
    this.other = await OtherInstance.start(this.portOneOptions(), (event) =>
      this.happenings$.next({ ...event, instance: 'second' }),
    );
    this.tell({ type: 'instance-started' });
  }

  async killOther(): Promise<void> {
    const { other } = this;
    if (!other) return;
    this.other = undefined;
    await other.kill();
    this.tell({ type: 'instance-killed' });
  }

  tell(act: Act): void {
    this.happenings$.next({ ...act, at: Date.now(), instance: 'stage' });
  }

  async onModuleDestroy(): Promise<void> {
    await this.other?.kill();
    this.happenings$.complete();
  }

  /** Last of all: until here, requests of the shop may still need a token. */
  async onApplicationShutdown(): Promise<void> {
    await this.portone.stop();
    await this.redis?.close();
  }
}
