/**
 * Holds a provider's value so that only code that unseals it sees it. JSON and `util.inspect` show a function, not the value;
 * an observer that puts a Proxy before every provider (`instrument.instanceDecorator`) does not reach it either, because the
 * value is an argument, never a property or a return value.
 */
export class Sealed<T> {
  readonly show: (to: (value: T) => void) => void;

  constructor(value: T) {
    this.show = (to) => to(value);
  }
}

/** The value, as it was sealed. */
export function unseal<T>(sealed: Sealed<T>): T {
  let held: T;
  sealed.show((value) => {
    held = value;
  });
  return held!;
}
