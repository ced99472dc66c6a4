import { Controller, Get } from '@nestjs/common';
import {
  allOf,
  anyOf,
  RequirePermission,
  SkipPermissionCheck,
  type PermissionExpression,
  type PortOnePermission,
} from 'nestjs-portone-auth';
import { expectType, type Same } from './expect-type.js';

expectType<Same<ReturnType<typeof allOf>, PermissionExpression>>();
expectType<Same<Extract<'TX_READ', PortOnePermission>, 'TX_READ'>>();

export const known: PortOnePermission = 'TX_READ';
export const unknown: PortOnePermission = 'A_PERMISSION_OF_NEXT_YEAR';

@Controller('payments')
@RequirePermission('TX_READ', anyOf('TX_UPDATE', allOf('RECON_READ', 'OTHER')))
export class PaymentsController {
  @Get('a')
  @RequirePermission({ client: 'b', source: 'service' }, 'TX_READ')
  a(): void {}

  @Get('b')
  @SkipPermissionCheck()
  b(): void {}

  @Get('c')
  // @ts-expect-error: at least one permission is needed
  @RequirePermission()
  c(): void {}

  @Get('d')
  // @ts-expect-error: options without a permission are not enough
  @RequirePermission({ client: 'b' })
  d(): void {}

  @Get('e')
  // @ts-expect-error: there is no such source
  @RequirePermission({ source: 'anyone' }, 'TX_READ')
  e(): void {}

  @Get('f')
  // @ts-expect-error: options come before the permissions
  @RequirePermission('TX_READ', { client: 'b' })
  f(): void {}

  // @ts-expect-error: the decorator is for classes and methods only
  @RequirePermission('TX_READ')
  readonly field = 1;
}

// @ts-expect-error: an expression has only one of the two keys
export const both: PermissionExpression = { allOf: ['A'], anyOf: ['B'] };

// @ts-expect-error: a permission is a string
anyOf(1);
