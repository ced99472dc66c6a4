import { AxiosHeaders } from 'axios';
import { authorizedCall } from '../../../lib/call/authorized-call.js';
import { AxiosCall } from '../../../lib/http/request/axios-call.js';
import { MemoryTokenStore } from '../../../lib/store/memory-token.store.js';
import { OwnPairs } from '../../../lib/token/renewal/own-pairs.js';
import { NO_TELEMETRY } from '../../../lib/token/report/telemetry.js';
import { TokenChain } from '../../../lib/token/renewal/token-chain.js';
import { TokenRenewer } from '../../../lib/token/renewal/token-calls.js';
import { TokenReporter } from '../../../lib/token/report/token-reporter.js';
import { AppClients } from '../../../lib/token/app-clients.js';
import { SecretSource } from '../../../lib/token/renewal/secret-source.js';
import { TokenService } from '../../../lib/token/token.service.js';
import { turn, VirtualTime } from '../../support/virtual-time.js';
import { Callers } from './callers.js';
import { Rules } from './rules.js';
import { ScriptedApi } from './scripted-api.js';
import { ScriptedPortOne } from './scripted-portone.js';

/** The longest `Retry-After` that is obeyed, plus a minute. */
const LONGEST_WAIT_MS = 360_000;

/** A store that counts the updates in progress. */
class WatchedStore extends MemoryTokenStore {
  busy = 0;

  override async update(...given: Parameters<MemoryTokenStore['update']>) {
    this.busy += 1;
    try {
      return await super.update(...given);
    } finally {
      this.busy -= 1;
    }
  }
}

/** One token service with its callers, its clocks and its PortOne. The test makes every step. */
export class TokenWorld {
  readonly time = new VirtualTime();
  readonly portone: ScriptedPortOne;
  readonly rules: Rules;
  readonly callers = new Callers();
  readonly api: ScriptedApi;
  secret: string | undefined = 'secret-0';
  #isEnding = false;
  #sleptMs = 0;
  #jumpedMs = 0;
  #givenSecret = '';
  readonly #service: TokenService;
  readonly #store: WatchedStore;

  constructor(random: number) {
    const { clock, scheduler, trueTime } = this.time;
    const now = () => trueTime.now() + this.#sleptMs;
    this.rules = new Rules(clock, now);
    this.portone = new ScriptedPortOne(now, this.rules);
    this.api = new ScriptedApi(this.portone, this.rules);
    this.#store = new WatchedStore(clock);
    const reporter = new TokenReporter('model', clock, NO_TELEMETRY);
    const renewer = new TokenRenewer(
      this.portone,
      clock,
      'auto',
      () => undefined,
    );
    const chain = new TokenChain(
      this.#store,
      new OwnPairs(renewer, clock, () => undefined),
      'http://model',
      clock,
      reporter,
    );
    this.#service = new TokenService(
      {
        client: 'model',
        apiSecret: new SecretSource(() => this.#askForSecret()),
        store: this.#store,
        tokenTimeout: 10_000,
        eager: false,
        appClients: new AppClients(),
        renewal: {
          strategy: 'auto',
          background: true,
          at: 0.8,
          jitter: 0.05,
          backoff: { initial: 1_000, max: 60_000 },
        },
        telemetry: NO_TELEMETRY,
        clock,
        scheduler,
        random: () => random,
      },
      chain,
      reporter,
    );
    this.#service.events$.subscribe((event) =>
      this.rules.event(
        event,
        this.#service.peekAccessToken(),
        this.#givenSecret,
      ),
    );
  }

  start(): void {
    this.#service.onModuleInit();
  }

  /** Makes an API call, from the wait for a token to the replay. */
  request(): void {
    const controller = new AbortController();
    const config = {
      headers: new AxiosHeaders(),
      maxRedirects: 0,
      signal: controller.signal,
    };
    const { clock, scheduler } = this.time;
    const call = new AxiosCall(
      this.api.adapter(),
      config,
      { ...config },
      clock,
      scheduler,
    );
    this.callers.add(authorizedCall(this.#service, call), controller);
  }

  getAccessToken(): void {
    const controller = new AbortController();
    const { signal } = controller;
    this.callers.add(this.#service.getAccessToken({ signal }), controller);
  }

  async renew(): Promise<void> {
    this.rules.isRenewalWanted = true;
    this.callers.add(this.#service.renew());
    await this.settle();
    this.rules.isRenewalWanted = false;
  }

  invalidate(): void {
    const token = this.#service.peekAccessToken();
    if (token !== undefined) this.#service.invalidate(token);
  }

  /** What is left of the pause of forced renewals; undefined when there is none. */
  get pausedForMs(): number | undefined {
    return this.#service.snapshot().pausedForMs;
  }

  advance(ms: number): Promise<void> {
    return this.time.advance(ms, () => this.settle());
  }

  /** The machine is suspended: no timer fires. */
  sleep(ms: number): void {
    this.#sleptMs += ms;
    this.#skew();
  }

  /** This host's wall clock goes wrong. */
  jump(ms: number): void {
    this.#jumpedMs = ms;
    this.#skew();
  }

  close(): void {
    this.#isEnding = true;
    this.callers.add(this.#shutDown());
  }

  async #shutDown(): Promise<void> {
    await this.#service.onModuleDestroy();
    await this.#service.onApplicationShutdown();
    this.rules.hasEnded = true;
  }

  /** Waits until nothing more happens without an advance of time or an answer of PortOne. */
  async settle(): Promise<void> {
    await turn();
    while (this.#store.busy > 0 && !this.portone.isHolding) await turn();
    await turn();
  }

  /** The rules broken so far. Also checks the rules that must hold between two steps. */
  check(): readonly string[] {
    const { rules, callers, portone, api } = this;
    const { nextDueIn } = this.time;
    const { broken, renewals, hasEnded } = rules;
    if (callers.isAnyStuck) broken.push('a call that was given up still waits');
    if (callers.isAnyWaiting && !portone.isHolding && !api.isHolding)
      broken.push('a caller waits for nothing');
    if (hasEnded && nextDueIn !== undefined)
      broken.push('a timer after the end');
    if (!this.#isEnding && renewals > 0 && nextDueIn === undefined)
      broken.push('no timer though the module lives');
    return broken;
  }

  /** Ends all faults. Then every waiting caller must get a result, and the next call an answer. */
  async heal(): Promise<void> {
    const { portone, api, callers, rules } = this;
    portone.mood = 'well';
    portone.refusesAll = false;
    api.isSlow = false;
    this.secret = portone.secret;
    portone.release();
    api.release();
    await this.settle();
    await this.advance(LONGEST_WAIT_MS);
    if (callers.isAnyWaiting) rules.broken.push('a caller without an end');
    if (rules.hasEnded) return;
    this.request();
    await this.settle();
    if (!callers.lastAnswer)
      rules.broken.push('no answer though PortOne is well');
  }

  #askForSecret(): string {
    this.rules.renewalBegins();
    if (this.secret === undefined)
      throw new Error('the secret manager is down');
    this.#givenSecret = this.secret;
    return this.secret;
  }

  #skew(): void {
    this.time.skewWallClock(this.#sleptMs + this.#jumpedMs);
  }
}
