import type { TestingModuleBuilder } from '@nestjs/testing';
import { CLOCK, RANDOM, SCHEDULER } from '../../lib/time/time.tokens.js';
import type { VirtualTime } from './virtual-time.js';

/** Replaces clock, scheduler and random numbers of a module. By default, every random number is 0.5. */
export const inVirtualTime = (
  builder: TestingModuleBuilder,
  time: VirtualTime,
  random = () => 0.5,
): TestingModuleBuilder =>
  builder
    .overrideProvider(CLOCK)
    .useValue(time.clock)
    .overrideProvider(SCHEDULER)
    .useValue(time.scheduler)
    .overrideProvider(RANDOM)
    .useValue(random);
