import { afterEach, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { anyOf, AuthModule, RequirePermission } from '../../../lib/index.js';
import { stubPortOne } from '../../../lib/testing/index.js';
import { LogBook } from '../../support/log-book.js';

@Controller()
class Payments {
  @Get('misspelt')
  @RequirePermission('tx-read', anyOf('TX_UPDATE', 'RECON_REED'))
  misspelt() {}

  @Get('caller')
  @RequirePermission({ source: 'caller' }, 'TxRead')
  ofCaller() {}

  /** PortOne documents PLATFORM_PAYOUT_READ, and OTHER is like none of its names. */
  @Get('undocumented')
  @RequirePermission('PLATFORM_PAYOUT_WRITE', 'OTHER')
  undocumented() {}
}

let module: TestingModule | undefined;

afterEach(async () => module?.close());

it('A permission that is almost a documented one is logged at boot, with the route and the documented name', async () => {
  const log = new LogBook();
  const builder = Test.createTestingModule({
    imports: [AuthModule.forRoot({ apiSecret: 'not used' })],
    controllers: [Payments],
  });
  module = await stubPortOne(builder, {
    options: {
      permissions: {
        verification: { jwksUri: 'https://keys.invalid', merchantId: 'm' },
      },
    },
  }).compile();
  module.useLogger(log);
  await module.init();
  expect(log.saying('look misspelt', 'warn')).toEqual([
    expect.stringMatching(
      /: Payments\.misspelt \(tx-read; did you mean TX_READ\?\), Payments\.misspelt \(RECON_REED; did you mean RECON_READ\?\), Payments\.ofCaller \(TxRead; did you mean TX_READ\?\)( |$)/,
    ),
  ]);
});
