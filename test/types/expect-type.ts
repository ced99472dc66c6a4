/** Whether two types are exactly the same. `any` is the same as `any` only. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
    ? true
    : false;

/** Compiles only if the types are the same: `expectType<Same<A, B>>()`. */
export const expectType = <_ extends true>(): void => undefined;
