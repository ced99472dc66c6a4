import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { merge, mergeMap, Subject, timer, type Observable } from 'rxjs';
import { Stage } from '../stage/stage.service.js';

/** The result of one request to the shop. */
export interface Sample {
  /** This machine's wall clock, milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
  /** 0 when there was no answer. */
  readonly status: number;
}

const EVERY_MS = 500;
const IN_FLIGHT = 20;

/** Simulates visitors of the shop: sends HTTP requests with the shop's key. */
@Injectable()
export class Visitors {
  private readonly sent$ = new Subject<readonly Sample[]>();
  /** The results of requests. While there is a subscriber, a request is sent every 500 ms. */
  readonly samples$: Observable<readonly Sample[]> = merge(
    this.sent$,
    timer(0, EVERY_MS).pipe(
      mergeMap(() => this.visit().then((sample) => [sample]), IN_FLIGHT),
    ),
  );

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly stage: Stage,
  ) {}

  /** The URL of a path on this server. */
  url(path: string): string {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** Sends this number of requests at once. Resolves after the last answer. */
  async send(count: number): Promise<void> {
    const startedAt = performance.now();
    const samples = await Promise.all(
      Array.from({ length: count }, () => this.visit()),
    );
    this.sent$.next(samples);
    this.stage.publish({
      type: 'requests',
      count,
      ok: samples.filter(({ status }) => status === 200).length,
      durationMs: Math.round(performance.now() - startedAt),
    });
  }

  private async visit(): Promise<Sample> {
    const at = Date.now();
    const startedAt = performance.now();
    const status = await fetch(this.url('/payments/payment-1'), {
      headers: { 'X-API-Key': process.env['SHOP_API_KEY'] ?? '' },
    }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    return { at, ms: Math.round(performance.now() - startedAt), status };
  }
}
