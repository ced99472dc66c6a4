import { Module } from '@nestjs/common';
import { Stage } from './stage.service.js';

@Module({
  providers: [{ provide: Stage, useFactory: () => Stage.open(process.env) }],
  exports: [Stage],
})
export class StageModule {}
