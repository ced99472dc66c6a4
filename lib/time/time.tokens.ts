/** Internal provider tokens of the clock, the scheduler and the random numbers; tests override them. */
export const CLOCK = Symbol('PortOneAuth:Clock');
export const SCHEDULER = Symbol('PortOneAuth:Scheduler');
export const RANDOM = Symbol('PortOneAuth:Random');
