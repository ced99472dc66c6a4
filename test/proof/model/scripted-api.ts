import { CanceledError, type AxiosAdapter } from 'axios';
import type { Rules } from './rules.js';
import type { ScriptedPortOne } from './scripted-portone.js';

/** PortOne's API without a network. It accepts a token or answers 401, at once or when the test releases the answer. */
export class ScriptedApi {
  isSlow = false;
  readonly #held = new Set<() => void>();

  constructor(
    private readonly portone: ScriptedPortOne,
    private readonly rules: Rules,
  ) {}

  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /** Answers the slow calls. */
  release(): void {
    for (const answer of this.#held) answer();
    this.#held.clear();
  }

  adapter(): AxiosAdapter {
    return async (config) => {
      const [, token = ''] = String(config.headers.get('Authorization')).split(
        ' ',
      );
      this.rules.sent(token);
      if (this.isSlow) await this.#hold(config.signal as AbortSignal);
      const isAccepted = this.portone.accepts(token);
      if (!isAccepted) this.rules.refused(token);
      const status = isAccepted ? 200 : 401;
      return { status, statusText: '', data: '', headers: {}, config };
    };
  }

  #hold(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#held.add(resolve);
      signal.addEventListener('abort', () => {
        this.#held.delete(resolve);
        reject(new CanceledError());
      });
    });
  }
}
