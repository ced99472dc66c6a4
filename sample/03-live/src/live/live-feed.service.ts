import { Injectable, type MessageEvent } from '@nestjs/common';
import { TokenService } from 'nestjs-portone-auth';
import {
  auditTime,
  concat,
  defer,
  map,
  merge,
  of,
  share,
  tap,
  timer,
} from 'rxjs';
import type { Observable } from 'rxjs';
import type { Happening } from '../stage/happening.js';
import { Stage } from '../stage/stage.service.js';
import { ShopRoutes } from './shop-routes.js';
import { Visitors, type Sample } from './visitors.service.js';

const STATE_EVERY_MS = 1_000;
/** One state message for all events within this time. By then the claims of a new token have been read, too. */
const STATE_DELAY_MS = 20;
const HAPPENINGS_KEPT = 40;
const SAMPLES_KEPT = 600;

/** Everything that the page shows, as server-sent events. Its sources hold no token and no secret. */
@Injectable()
export class LiveFeed {
  private readonly past: { happenings: Happening[]; samples: Sample[] } = {
    happenings: [],
    samples: [],
  };
  /** The lifetime of the current token in ms, counted from when this instance got it. */
  private lifeMs?: number;
  private permissions: readonly string[] = [];

  private readonly happenings$: Observable<Happening>;
  private readonly samples$: Observable<readonly Sample[]>;

  constructor(
    private readonly tokens: TokenService,
    private readonly stage: Stage,
    private readonly routes: ShopRoutes,
    visitors: Visitors,
  ) {
    this.happenings$ = merge(
      tokens.events$.pipe(
        map((event) => ({ ...event, instance: 'first' as const })),
      ),
      stage.happenings$,
    ).pipe(share());
    this.samples$ = visitors.samples$.pipe(
      tap((samples) => keep(this.past.samples, samples, SAMPLES_KEPT)),
      share(),
    );
    // Subscribed before the first token arrives, so that the page shows its life from the start.
    this.happenings$.subscribe((happening) => this.remember(happening));
  }

  /** First the past, so that a page is complete again after a lost connection; then each new event. */
  messages(): Observable<MessageEvent> {
    return concat(
      defer(() => of({ type: 'past', data: this.past })),
      merge(
        merge(
          timer(0, STATE_EVERY_MS),
          this.happenings$.pipe(auditTime(STATE_DELAY_MS)),
        ).pipe(map(() => ({ type: 'state', data: this.state() }))),
        this.happenings$.pipe(map((data) => ({ type: 'happening', data }))),
        this.samples$.pipe(map((data) => ({ type: 'samples', data }))),
      ),
    );
  }

  private state() {
    const { portone, isShared, isLoginDown, isLoginSlow } = this.stage;
    const { tokens, api } = portone.calls;
    return {
      token: this.tokens.snapshot(),
      lifeMs: this.lifeMs,
      calls: { tokens, api },
      permissions: this.permissions,
      routes: this.routes.state(),
      isShared,
      isLoginDown,
      isLoginSlow,
      mayUpdate: portone.permissions.includes('TX_UPDATE'),
      other: this.stage.otherInstance,
    };
  }

  private remember(happening: Happening): void {
    keep(this.past.happenings, [happening], HAPPENINGS_KEPT);
    if (happening.instance !== 'first' || !('expiresInMs' in happening)) return;
    this.lifeMs = happening.expiresInMs;
    this.tokens.getClaims().then(
      ({ merchant_service }) =>
        (this.permissions = merchant_service?.permissions ?? []),
      () => undefined,
    );
  }
}

function keep<T>(list: T[], added: readonly T[], max: number): void {
  list.push(...added);
  list.splice(0, Math.max(0, list.length - max));
}
