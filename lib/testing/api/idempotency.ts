import { createHash } from 'node:crypto';
import { invalid, errorAnswer, type Answer } from './answer.js';
import type { ReceivedRequest } from './api-request.js';

const METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const KEPT_MS = 3 * 60 * 60 * 1000;
// A string of RFC 8941: printable ASCII in double quotes, with \" and \\ inside.
const STRING = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;

interface Entry {
  readonly fingerprint: string;
  /** Undefined while the request is in progress. */
  finished?: { readonly answer: Answer; readonly at: number };
}

/** A request that must now be handled: its key is new, or it has no key. */
export interface Begun {
  /** To call when the answer's delay is over. From then on the same key gets the same answer. */
  finish(answer: Answer): void;
  /** To call when the request had no effect. Its key is free again. */
  forget(): void;
}

const WITHOUT_KEY: Begun = { finish: () => {}, forget: () => {} };

/** Handles `Idempotency-Key` as PortOne documents it: a key belongs to one request, and repeats its answer for three hours. */
export class Idempotency {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly now: () => number) {}

  /** Starts a request, or gives the answer that belongs to its key. */
  begin(request: ReceivedRequest): Begun | Answer {
    const header = request.headers['idempotency-key'];
    if (header === undefined || !METHODS.has(request.method))
      return WITHOUT_KEY;
    const key = readKey(String(header));
    if (key === undefined)
      return invalid(
        'Idempotency-Key must be 16 to 256 ASCII characters in double quotes.',
      );
    this.#dropOld();
    const fingerprint = fingerprintOf(request);
    const known = this.#entries.get(key);
    if (!known) return this.#start(key, { fingerprint });
    if (known.fingerprint !== fingerprint)
      return invalid('This Idempotency-Key belongs to another request.');
    return (
      known.finished?.answer ??
      errorAnswer(
        409,
        'IDEMPOTENCY_OUTSTANDING_REQUEST',
        'The request with this Idempotency-Key is still in progress.',
      )
    );
  }

  #start(key: string, entry: Entry): Begun {
    this.#entries.set(key, entry);
    return {
      finish: (answer) => {
        // A copy, because a later request may change the payment in the answer.
        entry.finished = { answer: structuredClone(answer), at: this.now() };
        // Added again at the end, so that the oldest answers come first for #dropOld().
        this.#entries.delete(key);
        this.#entries.set(key, entry);
      },
      forget: () => this.#entries.delete(key),
    };
  }

  #dropOld(): void {
    for (const [key, { finished }] of this.#entries) {
      if (!finished) continue;
      if (this.now() - finished.at < KEPT_MS) return;
      this.#entries.delete(key);
    }
  }
}

function readKey(header: string): string | undefined {
  const key = STRING.exec(header)?.[1]?.replace(/\\(["\\])/g, '$1');
  return key !== undefined && key.length >= 16 && key.length <= 256
    ? key
    : undefined;
}

const fingerprintOf = ({ method, url, body }: ReceivedRequest): string =>
  createHash('sha256').update(`${method} ${url}\n`).update(body).digest('hex');
