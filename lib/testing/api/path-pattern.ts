/** A path in which `:name` or `{name}` stands for a parameter. */
export class PathPattern {
  readonly #segments: readonly string[];

  constructor(readonly template: string) {
    this.#segments = template.split('/');
  }

  /** The number of segments that are no parameters. Of two patterns that match, the higher number is the better match. */
  get fixed(): number {
    return this.#segments.filter((segment) => !nameOf(segment)).length;
  }

  /** The values of the parameters, decoded; undefined when the path does not match or cannot be decoded. */
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
