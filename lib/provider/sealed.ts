/**
 * Hides the value of a provider: only `unseal` gives it. JSON and `util.inspect` show a function, not the value. A Proxy that
 * `instrument.instanceDecorator` of Nest puts around every provider does not see the value either, because the value is only
 * an argument of a function, never a property or a return value.
 */
export class Sealed<T> {
  readonly show: (to: (value: T) => void) => void;

  constructor(value: T) {
    this.show = (to) => to(value);
  }
}

/** The sealed value itself. */
export function unseal<T>(sealed: Sealed<T>): T {
  let held: T;
  sealed.show((value) => {
    held = value;
  });
  return held!;
}
