import { isDeepStrictEqual } from 'node:util';

/** What a step promises, or what was seen: a name and a number or text each. */
export type Facts = Readonly<Record<string, string | number>>;

/** Runs steps, prints what was expected and what was seen, and counts. */
export class Report {
  private passed = 0;
  private failed = 0;

  /** A step passes when `run` sees exactly what is expected. One that throws has failed; the demo goes on. */
  async step(
    title: string,
    expected: Facts,
    run: () => Promise<Facts>,
  ): Promise<void> {
    const seen = await run().catch((error: unknown) => ({
      error: error instanceof Error ? error.message : String(error),
    }));
    const isAsExpected = isDeepStrictEqual(seen, expected);
    if (isAsExpected) this.passed += 1;
    else this.failed += 1;
    console.log(
      [
        `${this.passed + this.failed}. ${title}`,
        `   expected  ${line(expected)}`,
        `   seen      ${line(seen)}`,
        `   ${isAsExpected ? 'ok' : 'FAILED'}\n`,
      ].join('\n'),
    );
  }

  /** Prints the count; whether every step passed. */
  finish(): boolean {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0;
  }
}

const line = (facts: Facts): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
