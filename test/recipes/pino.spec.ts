import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { Recipe } from './run-recipe.js';

interface Line {
  readonly msg: string;
  readonly context?: string;
  readonly req?: { readonly id: string };
}

describe('pino with request ids', () => {
  let portone: PortOneEmulator;
  let output: string;

  beforeAll(async () => {
    portone = await PortOneEmulator.start();
    const recipe = await Recipe.start('pino.ts', portone);
    await recipe.listening();
    const headers = { 'x-request-id': 'request-1' };
    portone.revokeAccessTokens();
    portone.fail('refresh', { kind: 'status', status: 503 });
    await fetch(`${recipe.url}/payments/payment-1`, { headers });
    portone.heal();
    portone.fail('api', { kind: 'status', status: 500 });
    await fetch(`${recipe.url}/payments/payment-1`, { headers });
    await recipe.terminate();
    output = recipe.output;
  }, 120_000);
  afterAll(async () => {
    Recipe.killAll();
    await portone?.stop();
  });

  const lines = () =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);

  it("puts the request's id on the lines of the app", () => {
    const ofApp = lines().filter(({ msg }) => msg === 'PortOne did not answer');
    expect(ofApp.map(({ req }) => req?.id)).toEqual(['request-1', 'request-1']);
  });

  it('puts no request id on lines of the module, because a renewal serves many requests', () => {
    const ofModule = lines().filter(
      ({ context }) => context === 'PortOneAuth:default',
    );
    expect(ofModule.map(({ msg }) => msg)).toContainEqual(
      expect.stringContaining('No PortOne access token is available'),
    );
    expect(ofModule.filter(({ req }) => req)).toEqual([]);
  });

  it('writes no token and no secret, also with whole errors', () => {
    const sent = portone.calls.requests.flatMap(
      ({ headers }) => headers.authorization?.split(' ').slice(1) ?? [],
    );
    expect(sent.length).toBeGreaterThan(1);
    for (const canary of [portone.apiSecret, ...sent])
      expect(output.includes(canary.slice(-20))).toBe(false);
  });
});
