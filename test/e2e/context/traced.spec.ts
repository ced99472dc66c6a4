import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';

const TYPESCRIPT = pathToFileURL('test/support/fleet-typescript.mjs').href;
const APP = fileURLToPath(new URL('traced-app.ts', import.meta.url));

interface SpanSummary {
  readonly kind: SpanKind;
  readonly id: string;
  readonly parent?: string;
  readonly url?: string;
}

describe('With instrumentation-http of OpenTelemetry', () => {
  it('token calls are not in the trace of a request, and calls of the API are', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--import', TYPESCRIPT, APP],
      { maxBuffer: 1 << 26 },
    );
    const spans = (JSON.parse(stdout) as SpanSummary[]).filter(
      ({ kind }) => kind === SpanKind.CLIENT,
    );
    const parents = (path: RegExp) =>
      spans.filter(({ url }) => path.test(url!)).map(({ parent }) => parent);
    expect(parents(/\/login\/|\/token\//)).toEqual(Array(6).fill(undefined));
    const ofApi = parents(/\/payments\//);
    expect(ofApi).toHaveLength(3);
    expect(ofApi).not.toContain(undefined);
  }, 120_000);
});
