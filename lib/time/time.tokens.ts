/** Internal provider tokens of time and chance; tests override them to make time virtual. */
export const CLOCK = Symbol('PortOneAuth:Clock');
export const SCHEDULER = Symbol('PortOneAuth:Scheduler');
export const RANDOM = Symbol('PortOneAuth:Random');
