import type { AxiosProgressEvent } from 'axios';
import { turn, until } from '../../support/virtual-time.js';
import type { Cell } from './cell.js';
import type { Outcome } from './outcome.js';
import { inWords, resetInWords, settling, type Settling } from './settled.js';
import { openStage, type Stage } from './stage.js';

const TOKEN_TIMEOUT_MS = 10_000;

/** Makes one fault happen, and records what the caller, the clock and the emulator show. */
export async function observe(
  cell: Cell,
): Promise<{ readonly stage: Stage; readonly outcome: Outcome }> {
  const stage = await openStage(cell);
  stage.breakIt();
  const startedAt = stage.time.clock.now().monotonic;
  const { call, endedBy } = await first(cell, stage);
  const waited = stage.time.clock.now().monotonic - startedAt;
  await endOfRenewal(cell, stage);
  const { lastErrorCode } = stage.tokens.snapshot();
  const { next, nextInMs, waits } = await nextAttempt(stage);
  const again = settling(stage.ask());
  await again.promise;
  stage.seen.push(call.result, again.result);
  const outcome: Outcome = {
    sees: isReset(cell) ? resetInWords(call.result) : inWords(call.result),
    takes: endedBy ?? waited,
    lastErrorCode,
    next,
    nextInMs,
    waits,
    heals:
      inWords(again.result) === '200' &&
      tokenCalls(stage).length === next.length,
    othersCalls: await stage.othersCalls(),
  };
  return { stage, outcome };
}

const isReset = ({ endpoint, fault }: Cell): boolean =>
  endpoint === 'api' && fault.fault.kind === 'reset-mid-answer';

/** Makes the call that has the fault, and waits until it ends. */
async function first(
  { endpoint, holding, fault }: Cell,
  stage: Stage,
): Promise<{ call: Settling; endedBy?: 'its timeout' | 'its abort' }> {
  const { portone, time } = stage;
  if (endpoint === 'api' && fault.class === 'silent') {
    const call = settling(stage.ask({ timeout: 30 }));
    await call.promise;
    return { call, endedBy: 'its timeout' };
  }
  if (endpoint === 'api' && fault.class === 'drip') {
    const controller = new AbortController();
    const { signal } = controller;
    let bytes = 0;
    const onDownloadProgress = ({ loaded }: AxiosProgressEvent) =>
      (bytes = loaded);
    const call = settling(
      stage.ask({ timeout: 300, signal, onDownloadProgress }),
    );
    // One byte each 2 ms: after 200 bytes the timeout has passed without ending the call.
    await until(() => bytes > 200 || call.isSettled);
    controller.abort();
    await call.promise;
    return { call, endedBy: 'its abort' };
  }
  const call = settling(stage.ask());
  const hangs = () => holding !== 'usable' && portone.calls[endpoint] > 0;
  if (isSilent(fault.class) && endpoint !== 'api') {
    await until(() => call.isSettled || hangs());
    await turn();
    if (!call.isSettled) {
      await time.advance(TOKEN_TIMEOUT_MS - 1);
      if (!call.isSettled) await time.advance(1);
    }
  }
  await call.promise;
  return { call };
}

const isSilent = (kind: string) => kind === 'silent' || kind === 'drip';

/** Waits until a background renewal has ended too. */
async function endOfRenewal({ endpoint, holding, fault }: Cell, stage: Stage) {
  const { portone, time, tokens } = stage;
  const isInBackground = holding === 'usable' && endpoint !== 'api';
  if (isInBackground && isSilent(fault.class)) {
    await until(() => portone.calls[endpoint] > 0);
    await turn();
    await time.advance(TOKEN_TIMEOUT_MS);
  }
  await until(() => tokens.snapshot().renewsInMs !== undefined);
}

/** Ends the fault, and waits for the next attempt or for the end of the pause. */
async function nextAttempt(
  stage: Stage,
): Promise<Pick<Outcome, 'next' | 'nextInMs' | 'waits'>> {
  const { portone, time, tokens } = stage;
  const { lastErrorCode, renewsInMs = 0, pausedForMs } = tokens.snapshot();
  stage.seen.push(tokens.snapshot());
  portone.heal();
  portone.resetCalls();
  const settled = () => until(() => tokens.snapshot().renewsInMs !== undefined);
  if (lastErrorCode) {
    await time.advance(renewsInMs - 1, settled);
    const early = tokenCalls(stage);
    await time.advance(1, settled);
    const next = early.length > 0 ? [] : tokenCalls(stage);
    return { next, nextInMs: renewsInMs, waits: 'attempt' };
  }
  if (!pausedForMs) return { next: [], nextInMs: 0, waits: 'nothing' };
  await time.advance(pausedForMs, settled);
  await settling(stage.ask()).promise;
  return { next: tokenCalls(stage), nextInMs: pausedForMs, waits: 'pause' };
}

const tokenCalls = ({ portone }: Stage): ('login' | 'refresh')[] =>
  portone.calls.requests
    .map(({ endpoint }) => endpoint)
    .filter((endpoint) => endpoint === 'login' || endpoint === 'refresh');
