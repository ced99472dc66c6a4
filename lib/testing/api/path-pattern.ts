/** A path with `:name` or `{name}` for what varies, ready to be compared. */
export class PathPattern {
  readonly #segments: readonly string[];

  constructor(readonly template: string) {
    this.#segments = template.split('/');
  }

  /** How much of the path is fixed. A higher number is a better match. */
  get fixed(): number {
    return this.#segments.filter((segment) => !nameOf(segment)).length;
  }

  /** The parts of a path at the names, decoded; undefined when the path does not fit or cannot be decoded. */
  match(path: string): Record<string, string> | undefined {
    const given = path.split('/');
    if (given.length !== this.#segments.length) return undefined;
    const found: Record<string, string> = {};
    for (const [n, segment] of this.#segments.entries()) {
      const value = given[n] ?? '';
      const name = nameOf(segment);
      if (name === undefined) {
        if (segment !== value) return undefined;
        continue;
      }
      const decoded = decode(value);
      if (!decoded) return undefined;
      found[name] = decoded;
    }
    return found;
  }
}

const nameOf = (segment: string): string | undefined =>
  /^(?::(\w+)|\{(\w+)\})$/.exec(segment)?.slice(1).find(Boolean);

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
