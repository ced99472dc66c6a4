import { HttpService } from '@nestjs/axios';
import {
  Controller,
  Get,
  INestApplication,
  Module,
  Param,
} from '@nestjs/common';
import { Test, TestingModule } from '@nestjs/testing';
import {
  AuthModule,
  RequirePermission,
  TokenService,
} from 'nestjs-portone-auth';
import { PortOneEmulator, stubPortOne } from 'nestjs-portone-auth/testing';
import { firstValueFrom, map } from 'rxjs';

@Controller('payments')
class PaymentsController {
  constructor(private readonly http: HttpService) {}

  @Get(':id')
  @RequirePermission('TX_READ')
  find(@Param('id') id: string) {
    const path = `/payments/${encodeURIComponent(id)}`;
    return this.http.get<{ id: string }>(path).pipe(map(({ data }) => data.id));
  }
}

/** Written like a spec that `nest new` generates, without ES modules of Jest. */
describe('PaymentsController', () => {
  let portone: PortOneEmulator;
  let app: INestApplication;

  const compile = async (
    arrange = (builder: ReturnType<typeof Test.createTestingModule>) => builder,
  ): Promise<TestingModule> => {
    portone = await PortOneEmulator.start();
    const { apiSecret, url: baseURL } = portone;
    @Module({
      imports: [AuthModule.forRoot({ apiSecret, baseURL })],
      controllers: [PaymentsController],
    })
    class AppModule {}
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await arrange(builder).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    return module;
  };

  afterEach(async () => {
    await app.close();
    await portone.stop();
  });

  it('answers with a payment of the emulator', async () => {
    const module = await compile();
    expect(module.get(TokenService).snapshot()).toMatchObject({
      state: 'fresh',
    });
    const answer = await fetch(`${await app.getUrl()}/payments/payment-1`);
    expect([answer.status, await answer.text()]).toEqual([200, 'payment-1']);
  });

  it('answers with the response of a stub', async () => {
    const module = await compile((builder) =>
      stubPortOne(builder, { respond: () => ({ id: 'stubbed' }) }),
    );
    const controller = module.get(PaymentsController);
    expect(await firstValueFrom(controller.find('any'))).toBe('stubbed');
    expect(portone.calls.tokens).toBe(0);
  });
});
