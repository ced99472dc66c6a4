import { Module } from '@nestjs/common';
import { systemClock } from './clock.js';
import { CLOCK, RANDOM, SCHEDULER } from './time.tokens.js';
import { unrefScheduler } from './unref-scheduler.js';

const PROVIDERS = [
  { provide: CLOCK, useValue: systemClock },
  { provide: SCHEDULER, useValue: unrefScheduler },
  { provide: RANDOM, useValue: Math.random },
];

/** Clock, scheduler and random numbers. They exist once per application, so that a test replaces them for all clients at once. */
@Module({
  providers: PROVIDERS,
  exports: PROVIDERS.map(({ provide }) => provide),
})
export class TimeModule {}
