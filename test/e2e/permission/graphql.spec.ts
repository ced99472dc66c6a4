import { afterEach, describe, expect, it } from '@jest/globals';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import {
  Field,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import type { Type } from '@nestjs/common';
import {
  PortOneClaims,
  RequirePermission,
  SkipPermissionCheck,
} from '../../../lib/index.js';
import { graphqlModule } from '../../support/graphql-module.js';
import {
  closeGuardedApps,
  openGuardedApp,
  verifyingBy,
  type GuardedAppParts,
} from './guarded-app.js';

@ObjectType()
class Payment {
  @Field(() => String)
  id!: string;
}

@Resolver(() => Payment)
class Payments {
  @Query(() => String)
  @RequirePermission('TX_UPDATE')
  own(): string {
    return 'own';
  }

  @Query(() => String, { nullable: true })
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers(@PortOneClaims('user_id') userId: string): string {
    return userId;
  }

  @Query(() => String)
  open(): string {
    return 'open';
  }

  @Query(() => Payment)
  payment(): Payment {
    return { id: '1' };
  }
}

interface GraphqlAnswer {
  readonly status: number;
  readonly challenge: string | null;
  readonly retryAfter: string | null;
  readonly data: unknown;
  readonly errors?: {
    readonly message: string;
    readonly path: string[];
    readonly extensions: Record<string, unknown>;
  }[];
}

async function openApi(
  parts: GuardedAppParts & {
    resolvers?: Type[];
    graphql?: Partial<ApolloDriverConfig>;
  } = {},
) {
  const { resolvers = [], graphql, ...rest } = parts;
  const opened = await openGuardedApp({
    imports: [graphqlModule(graphql)],
    providers: [Payments, ...resolvers],
    permissions: verifyingBy(),
    ...rest,
  });
  const query = async (
    text: string,
    authorization?: string,
  ): Promise<GraphqlAnswer> => {
    const response = await fetch(`${opened.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization && { authorization }),
      },
      body: JSON.stringify({ query: text }),
    });
    const body = (await response.json()) as Pick<
      GraphqlAnswer,
      'data' | 'errors'
    >;
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      retryAfter: response.headers.get('retry-after'),
      ...body,
    };
  };
  return { ...opened, query };
}

const codesOf = ({ errors = [] }: GraphqlAnswer): unknown[] =>
  errors.map(({ extensions }) => extensions['code']);

describe('A GraphQL resolver', () => {
  afterEach(closeGuardedApps);

  it('answers a denial with its code, not as an internal error, and still answers the other fields', async () => {
    const { query, portone, log } = await openApi({
      emulator: { permissions: ['RECON_READ'] },
    });
    expect(log.lines.join('\n')).toContain('403: Payments.own (TX_UPDATE)');
    const token = await portone.issueAccessToken();
    const anonymous = await query('{ open callers }');
    expect(anonymous).toMatchObject({
      data: { open: 'open', callers: null },
      challenge: 'Bearer realm="portone"',
      errors: [
        {
          message: 'A Bearer access token is required.',
          path: ['callers'],
          extensions: { code: 'PORTONE_TOKEN_MISSING', statusCode: 401 },
        },
      ],
    });
    const unpermitted = await query('{ callers }', `Bearer ${token}`);
    expect(codesOf(unpermitted)).toEqual(['PORTONE_INSUFFICIENT_PERMISSION']);
    expect(unpermitted.challenge).toContain('scope="TX_READ"');
    const own = await query('{ own }');
    expect(codesOf(own)).toEqual(['PORTONE_SERVICE_PERMISSION_MISSING']);
    expect(own.challenge).toBeNull();
  });

  it('answers 503 with a code and Retry-After while our own token is unavailable', async () => {
    const { query, portone } = await openApi({
      options: { eager: false },
      graphql: { preserveHttpStatusForExecutionErrors: false },
    });
    portone.fail('tokens', { kind: 'status', status: 503, retryAfter: 7 });
    const answer = await query('{ own }');
    expect(codesOf(answer)).toEqual(['PORTONE_TOKEN_UNAVAILABLE']);
    expect([answer.status, answer.retryAfter]).toEqual([503, '7']);
  });

  it('answers with the HTTP status of the denial when preserveHttpStatusForExecutionErrors is false', async () => {
    const { query } = await openApi({
      graphql: { preserveHttpStatusForExecutionErrors: false },
    });
    expect((await query('{ callers }')).status).toBe(401);
    expect((await query('{ open }')).status).toBe(200);
  });

  it('allows a caller with a valid token, and gives its claims', async () => {
    const { query, portone } = await openApi();
    const token = await portone.issueAccessToken({ user_id: 'user-caller' });
    const answer = await query('{ callers own }', `Bearer ${token}`);
    expect([answer.data, answer.challenge]).toEqual([
      { callers: 'user-caller', own: 'own' },
      null,
    ]);
  });

  @Resolver(() => Payment)
  class Fields {
    @ResolveField(() => String, { nullable: true })
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    secret(): string {
      return 'secret';
    }
  }

  it('of a field stops the boot when GraphQL runs no guards before fields', async () => {
    await expect(openApi({ resolvers: [Fields] })).rejects.toThrow(
      "Fields.secret: is a field resolver, and GraphQLModule runs no guard before it; set fieldResolverEnhancers: ['guards']",
    );
  });

  it('of a field is guarded when GraphQL runs guards before fields', async () => {
    const { query } = await openApi({
      resolvers: [Fields],
      graphql: { fieldResolverEnhancers: ['guards'] },
    });
    const answer = await query('{ payment { id secret } }');
    expect([answer.data, codesOf(answer)]).toEqual([
      { payment: { id: '1', secret: null } },
      ['PORTONE_TOKEN_MISSING'],
    ]);
  });

  it('of a field may skip the requirement of its class', async () => {
    @Resolver(() => Payment)
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    class Lifted {
      @ResolveField(() => String)
      @SkipPermissionCheck()
      label(): string {
        return 'label';
      }

      @Query(() => String)
      guarded(): string {
        return 'guarded';
      }
    }
    const { query } = await openApi({ resolvers: [Lifted] });
    const label = await query('{ payment { label } }');
    expect(label.data).toEqual({ payment: { label: 'label' } });
    expect(codesOf(await query('{ guarded }'))).toEqual([
      'PORTONE_TOKEN_MISSING',
    ]);
  });
});
