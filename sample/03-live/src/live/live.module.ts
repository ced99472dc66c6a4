import { Module } from '@nestjs/common';
import { StageModule } from '../stage/stage.module.js';
import { ControlsController } from './controls.controller.js';
import { LiveController } from './live.controller.js';
import { LiveFeed } from './live-feed.service.js';
import { ShopRoutes } from './shop-routes.js';
import { Visitors } from './visitors.service.js';

@Module({
  imports: [StageModule],
  controllers: [LiveController, ControlsController],
  providers: [LiveFeed, ShopRoutes, Visitors],
})
export class LiveModule {}
