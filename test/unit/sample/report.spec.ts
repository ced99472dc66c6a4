import { expect, it } from '@jest/globals';
import { Report, type Output } from '../../../sample/shared/report.js';

/** A terminal or a pipe, and what was written to it. */
function output(isTTY: boolean, hasColors: boolean): Output & { text: string } {
  return {
    text: '',
    isTTY,
    hasColors: () => hasColors,
    write(text: string) {
      this.text += text;
    },
  };
}

async function report(out: Output): Promise<boolean> {
  const written = new Report(out);
  await written.step('One is one', { one: 1 }, async () => ({ one: 1 }));
  await written.step('A step that throws has failed', { one: 1 }, () =>
    Promise.reject(new Error('why')),
  );
  return written.finish();
}

it('A report to a pipe is plain: no colour, no line that is rewritten', async () => {
  const out = output(false, false);
  expect(await report(out)).toBe(false);
  expect(out.text).toBe(`1. One is one
   expected  one: 1
   seen      one: 1
   ok

2. A step that throws has failed
   expected  one: 1
   seen      error: why
   FAILED

1 passed, 1 failed
`);
});

it('A report to a terminal has colours, and shows that a step is under way', async () => {
  const out = output(true, true);
  await report(out);
  expect(out.text).toContain('\u001b[32mok\u001b[39m');
  expect(out.text).toContain('\u001b[31mFAILED\u001b[39m');
  expect(out.text).toContain('\r   running … 0 s');
});

it('A report to a terminal without colours has progress and no colour', async () => {
  const out = output(true, false);
  await report(out);
  expect(out.text).toContain('   ok\n');
  expect(out.text).toContain('running …');
});
