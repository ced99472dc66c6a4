import type { WriteStream } from 'node:tty';
import { isDeepStrictEqual, styleText } from 'node:util';

/** What a step expects or has seen: numbers and texts by name. */
export type Facts = Readonly<Record<string, string | number>>;

/** Where a report is written: stdout by default. */
export type Output = Pick<WriteStream, 'isTTY' | 'hasColors'> & {
  write(text: string): unknown;
};

type Style = 'bold' | 'dim' | 'green' | 'red';

/** Runs steps, prints what each expected and saw, and counts them. Shows colours and progress on a terminal only. */
export class Report {
  private passed = 0;
  private failed = 0;
  private readonly hasColors: boolean;

  constructor(private readonly out: Output = process.stdout) {
    this.hasColors = out.isTTY && out.hasColors();
  }

  /** Prints a heading. */
  chapter(title: string): void {
    this.print(`${this.paint('bold', `-- ${title}`)}\n`);
  }

  /** A step passes when `run` returns exactly `expected`. A step that throws fails, and the next steps still run. */
  async step(
    title: string,
    expected: Facts,
    run: () => Promise<Facts>,
  ): Promise<void> {
    this.print(`${this.passed + this.failed + 1}. ${title}`);
    const stop = this.showProgress();
    const seen = await run().catch((error: unknown) => ({
      error: error instanceof Error ? error.message : String(error),
    }));
    stop();
    const isAsExpected = isDeepStrictEqual(seen, expected);
    if (isAsExpected) this.passed += 1;
    else this.failed += 1;
    this.print(
      [
        this.paint('dim', `   expected  ${line(expected)}`),
        `   seen      ${line(seen)}`,
        `   ${isAsExpected ? this.paint('green', 'ok') : this.paint('red', 'FAILED')}\n`,
      ].join('\n'),
    );
  }

  /** Prints the count. Returns whether every step passed. */
  finish(): boolean {
    const count = `${this.passed} passed, ${this.failed} failed`;
    this.print(this.paint(this.failed === 0 ? 'green' : 'red', count));
    return this.failed === 0;
  }

  /** On a terminal, shows a line while a step runs. Returns a function that removes it. */
  private showProgress(): () => void {
    if (!this.out.isTTY) return () => undefined;
    const startedAt = performance.now();
    const show = () => {
      const seconds = Math.floor((performance.now() - startedAt) / 1000);
      this.out.write(`\r   running … ${seconds} s`);
    };
    show();
    const timer = setInterval(show, 1000);
    return () => {
      clearInterval(timer);
      this.out.write('\r\u001b[K');
    };
  }

  private print(text: string): void {
    this.out.write(`${text}\n`);
  }

  private paint(style: Style, text: string): string {
    // The constructor has checked `out`. With `validateStream`, styleText would check stdout instead.
    return this.hasColors
      ? styleText(style, text, { validateStream: false })
      : text;
  }
}

const line = (facts: Facts): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
