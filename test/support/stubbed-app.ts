import { jest } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Controller, Get, Injectable, Module, Param } from '@nestjs/common';
import { isAxiosError } from 'axios';
import { catchError, firstValueFrom, map, of } from 'rxjs';
import {
  AuthModule,
  InjectHttpService,
  InjectPortOneFetch,
  InjectTokenService,
  RequirePermission,
  TokenService,
  type PortOneFetch,
} from '../../lib/index.js';

/** A secret manager that a stubbed app must never call. */
export const readSecret = jest.fn((): string => {
  throw new Error('PORTONE_API_SECRET is not set');
});

// The two examples of README.md follow.
@Injectable()
export class TokenWatch {
  constructor(private readonly tokens: TokenService) {}

  isHealthy(): boolean {
    const { state } = this.tokens.snapshot();
    return state === 'fresh' || state === 'stale';
  }
}

@Injectable()
export class PaymentsGateway {
  constructor(
    private readonly tokens: TokenService,
    private readonly http: HttpService,
  ) {}

  async find(id: string): Promise<unknown> {
    const token = await this.tokens.getAccessToken();
    const response = await firstValueFrom(
      this.http.get(`/payments/${encodeURIComponent(id)}`, {
        portoneAuth: false,
        headers: { Authorization: `Bearer ${token}` },
        validateStatus: () => true,
      }),
    );
    if (response.status === 401) this.tokens.invalidate(token);
    return response.data;
  }
}

@Controller('payments')
class PaymentsController {
  constructor(
    private readonly http: HttpService,
    @InjectHttpService('b') private readonly httpOfB: HttpService,
  ) {}

  @Get(':id')
  @RequirePermission('TX_READ')
  find(@Param('id') id: string) {
    return this.http.get(`/payments/${encodeURIComponent(id)}`).pipe(
      map(({ data }) => data as unknown),
      catchError((error: unknown) =>
        isAxiosError(error)
          ? of({ refusedWith: error.response?.status, ...error.portoneAuth })
          : Promise.reject(error),
      ),
    );
  }

  @Get('b/:id')
  @RequirePermission({ client: 'b' }, 'TX_READ')
  findOfB(@Param('id') id: string) {
    return this.httpOfB.get(`/payments/${id}`).pipe(map(({ data }) => data));
  }
}

@Injectable()
export class ClientB {
  constructor(
    @InjectTokenService('b') readonly tokens: TokenService,
    @InjectPortOneFetch('b') readonly fetch: PortOneFetch,
  ) {}
}

@Module({
  imports: [
    AuthModule.forRootAsync({
      isGlobal: true,
      useFactory: () => ({ apiSecret: readSecret() }),
    }),
    AuthModule.forRootAsync({
      isGlobal: true,
      name: 'b',
      useFactory: () => ({ apiSecret: () => readSecret() }),
    }),
  ],
  controllers: [PaymentsController],
  providers: [TokenWatch, PaymentsGateway, ClientB],
})
export class AppModule {}
