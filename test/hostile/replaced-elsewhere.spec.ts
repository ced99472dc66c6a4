import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Scope } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { PermissionGuard, RequirePermission } from '../../lib/index.js';
import { graphqlModule } from '../support/graphql-module.js';
import {
  closeGuardedApps,
  openGuardedApp,
} from '../e2e/permission/guarded-app.js';
import { openService } from '../e2e/permission/rpc-service.js';
import {
  messagePayments,
  outcomeOf,
  partsOf,
  REPLACEMENTS,
} from './replaced-handler.js';

/** Either the request is denied, or the boot stops. */
const DENIED = [403, 'stopped'];

afterEach(closeGuardedApps);

/** Left out: in a request-scoped class, a handler that is the method of another route counts as that method. */
const { 'the method of another route': _, ...replacements } = REPLACEMENTS;

describe.each(Object.entries(replacements))(
  'With %s in place of a guarded handler',
  (__, replace) => {
    it.each([undefined, PermissionGuard])(
      'a request-scoped controller gives no caller access (global guard: %p)',
      async (guard) => {
        @Controller({ scope: Scope.REQUEST })
        class Payments {
          constructor() {
            const other = replace(this as never);
            if (typeof other === 'object') return other as Payments;
          }

          @Get('refund')
          @RequirePermission('TX_UPDATE')
          refund() {
            return 'let in';
          }

          @Get('open')
          open() {
            return 'open';
          }
        }
        expect(DENIED).toContain(await outcomeOf(partsOf([Payments], guard)));
      },
    );

    it('a message handler stays guarded', async () => {
      for (const scope of [Scope.DEFAULT, Scope.REQUEST]) {
        const { send, client } = await openService(
          partsOf([messagePayments(scope, replace)]),
        );
        expect(await send('refund')).not.toBe('let in');
        client.close();
      }
    });

    it('a resolver stays guarded, and answers permitted callers', async () => {
      const statuses: unknown[] = [];
      for (const scope of [Scope.DEFAULT, Scope.REQUEST])
        for (const permissions of [['TX_READ'], ['TX_UPDATE']]) {
          @Resolver()
          class Payments {
            constructor() {
              const other = replace(this as never);
              if (typeof other === 'object') return other as Payments;
            }

            @Query(() => String, { nullable: true })
            @RequirePermission('TX_UPDATE')
            refund(): string {
              return 'let in';
            }

            @Query(() => String)
            open(): string {
              return 'open';
            }
          }
          const { url } = await openGuardedApp({
            imports: [graphqlModule()],
            providers: [{ provide: Payments, useClass: Payments, scope }],
            emulator: { permissions },
          });
          const answer = await fetch(`${url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query: '{ refund }' }),
          });
          const { errors = [] } = (await answer.json()) as {
            errors?: { extensions: { code: unknown } }[];
          };
          statuses.push(errors[0]?.extensions.code);
        }
      const denied = 'PORTONE_SERVICE_PERMISSION_MISSING';
      expect(statuses).toEqual([denied, undefined, denied, undefined]);
    });
  },
);
