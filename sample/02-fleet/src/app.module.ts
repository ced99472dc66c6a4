import { Module } from '@nestjs/common';
import { AuthModule } from 'nestjs-portone-auth';
import { PortOneOptions } from './portone.options.js';
import { RedisModule } from './redis.module.js';
import { SalesController } from './sales.controller.js';

@Module({
  imports: [
    AuthModule.forRootAsync({
      isGlobal: true,
      imports: [RedisModule],
      useClass: PortOneOptions,
    }),
  ],
  controllers: [SalesController],
})
export class AppModule {}
