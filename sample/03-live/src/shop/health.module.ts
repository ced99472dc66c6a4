import { Controller, Get, Module } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  TerminusModule,
} from '@nestjs/terminus';
import { PortOneHealthIndicator } from 'nestjs-portone-auth/terminus';
import { Public } from '../../../01-quick-start/src/security/public.decorator.js';

@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly portone: PortOneHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  ready() {
    return this.health.check([() => this.portone.isHealthy('portone')]);
  }
}

@Module({
  imports: [TerminusModule],
  controllers: [HealthController],
  providers: [PortOneHealthIndicator],
})
export class HealthModule {}
