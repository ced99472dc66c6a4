import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type Type } from '@nestjs/common';
import { PermissionGuard } from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
} from '../e2e/permission/guarded-app.js';
import {
  outcomeOf,
  partsOf,
  payments,
  REPLACEMENTS,
} from './replaced-handler.js';

const WITH_GUARD = [undefined, PermissionGuard] as const;
const SOURCES = ['service', 'caller'] as const;

afterEach(closeGuardedApps);

describe.each(Object.entries(REPLACEMENTS))(
  'A guarded handler that its instance has replaced by %s',
  (name, replace) => {
    it.each(SOURCES.flatMap((source) => WITH_GUARD.map((g) => [source, g])))(
      'stays guarded (%s, %p)',
      async (source, guard) => {
        const Payments = payments(source as 'service', replace);
        const parts = partsOf([Payments], guard as Type);
        expect(await outcomeOf(parts)).toBe(source === 'caller' ? 401 : 403);
        // One function for both routes cannot know its route, so both routes need the permission.
        if (name !== 'the method of another route')
          expect(await outcomeOf(parts, '/open')).toBe(200);
        const { ask } = await openGuardedApp(
          partsOf([Payments], guard as Type, ['TX_UPDATE']),
        );
        if (source === 'service')
          expect((await ask('/refund')).status).toBe(200);
      },
    );
  },
);

it('A controller without requirements may replace its handlers', async () => {
  @Controller()
  class Plain {
    @Get('plain')
    plain(): string {
      return 'plain';
    }

    constructor() {
      this.plain = this.plain.bind(this);
    }
  }
  const parts = partsOf([Plain], PermissionGuard);
  expect(await outcomeOf(parts, '/plain')).toBe(200);
});
