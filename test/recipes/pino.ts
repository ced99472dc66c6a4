import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule, path, PortOneHttpService } from 'nestjs-portone-auth';
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino';
import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { firstValueFrom } from 'rxjs';

@Controller('payments')
class PaymentsController {
  constructor(
    private readonly http: PortOneHttpService,
    private readonly logger: PinoLogger,
  ) {}

  @Get(':id')
  async find(@Param('id') id: string) {
    try {
      const answer = this.http.get(path`/payments/${id}`);
      return (await firstValueFrom(answer)).data;
    } catch (err) {
      this.logger.error({ err }, 'PortOne did not answer');
      throw err;
    }
  }
}

@Module({
  imports: [
    LoggerModule.forRoot({
      pinoHttp: {
        genReqId: ({ headers }) => headers['x-request-id'] ?? randomUUID(),
        redact: ['req.headers.authorization', 'req.headers.cookie'],
      },
    }),
    AuthModule.forRootAsync({
      useFactory: () => ({
        apiSecret: process.env['PORTONE_API_SECRET']!,
        baseURL: process.env['PORTONE_API_BASE_URL'],
      }),
    }),
  ],
  controllers: [PaymentsController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { bufferLogs: true });
app.useLogger(app.get(Logger));
app.enableShutdownHooks();
await app.listen(process.env['PORT'] ?? 3000);
