import { afterEach, describe, expect, it } from '@jest/globals';
import { status, type ServiceError } from '@grpc/grpc-js';
import { closeGuardedApps } from './guarded-app.js';
import { closeGrpcClients, openGrpcService } from './grpc-service.js';

const facts = (answer: unknown) => {
  const { code, details, metadata } = answer as ServiceError;
  return [code, details, metadata?.get('portone-code')];
};

describe('A gRPC handler', () => {
  afterEach(async () => {
    closeGrpcClients();
    await closeGuardedApps();
  });

  it('answers PERMISSION_DENIED with our code when our own token lacks a permission', async () => {
    const { ask, stream } = await openGrpcService({
      emulator: { permissions: [] },
    });
    const denied = [
      status.PERMISSION_DENIED,
      'PORTONE_SERVICE_PERMISSION_MISSING: This service is not permitted to do that at the payment provider.',
      ['PORTONE_SERVICE_PERMISSION_MISSING'],
    ];
    expect(facts(await ask('own'))).toEqual(denied);
    expect(facts(await stream('ownMany', false))).toEqual(denied);
  });

  it('answers UNAUTHENTICATED to a caller without a token, for unary and for streaming calls', async () => {
    const { ask, upload, stream } = await openGrpcService();
    const answers = [
      await ask('callers'),
      await stream('callersMany', false),
      await stream('callersChat', true),
      await upload(),
      await stream('callersRaw', true),
      await upload('callersRawUpload'),
    ];
    for (const answer of answers) {
      expect(facts(answer)).toEqual([
        status.UNAUTHENTICATED,
        'PORTONE_TOKEN_MISSING: A Bearer access token is required.',
        ['PORTONE_TOKEN_MISSING'],
      ]);
    }
  });

  it('answers each kind of denial with its gRPC status', async () => {
    const { ask, portone } = await openGrpcService();
    const { merchantId: merchant_id } = portone;
    const bearer = async (merchant_service: object) =>
      `Bearer ${await portone.issueAccessToken({ merchant_service })}`;
    const answers = [
      await ask('byMetadata', 'Bearer a b'),
      await ask('byMetadata', 'Bearer a.b.c'),
      await ask('byMetadata', await bearer({ merchant_id: 'another' })),
      await ask('byMetadata', await bearer({ merchant_id, permissions: [] })),
    ];
    expect(
      answers.map((answer) => [facts(answer)[0], facts(answer)[2]]),
    ).toEqual([
      [status.INVALID_ARGUMENT, ['PORTONE_TOKEN_MALFORMED']],
      [status.UNAUTHENTICATED, ['PORTONE_TOKEN_INVALID']],
      [status.UNAUTHENTICATED, ['PORTONE_TOKEN_WRONG_MERCHANT']],
      [status.PERMISSION_DENIED, ['PORTONE_INSUFFICIENT_PERMISSION']],
    ]);
  });

  it('answers UNAVAILABLE with retry-after while keys or our own token are unavailable', async () => {
    const { ask, portone } = await openGrpcService({
      options: { eager: false },
    });
    portone.fail('jwks', { kind: 'status', status: 500 });
    portone.fail('tokens', { kind: 'status', status: 500 });
    const token = `Bearer ${await portone.issueAccessToken()}`;
    const answers = [
      await ask('byMetadata', token),
      await ask('own'),
      await ask('unavailable'),
    ] as ServiceError[];
    expect(
      answers.map((answer) => [facts(answer)[0], facts(answer)[2]]),
    ).toEqual([
      [status.UNAVAILABLE, ['PORTONE_KEYS_UNAVAILABLE']],
      [status.UNAVAILABLE, ['PORTONE_TOKEN_UNAVAILABLE']],
      [status.UNAVAILABLE, ['PORTONE_TOKEN_UNAVAILABLE']],
    ]);
    for (const { metadata } of answers) {
      expect(Number(metadata.get('retry-after')[0])).toBeGreaterThan(0);
    }
  });

  it('allows callers whose token has the permission', async () => {
    const { ask, portone, stream } = await openGrpcService();
    const token = await portone.issueAccessToken();
    expect(await ask('byMetadata', `Bearer ${token}`)).toBe('by metadata');
    expect(await ask('own')).toBe('own');
    expect(await stream('ownMany', false)).toHaveLength(2);
  });
});
