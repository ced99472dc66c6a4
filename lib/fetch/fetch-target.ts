/** Where a request goes: an absolute URL stays as it is, anything else is resolved against `baseURL`. */
export function urlOf(input: unknown, baseURL: string): URL {
  if (input instanceof Request) return new URL(sentTo(input));
  if (typeof input !== 'string' && !isURL(input))
    throw new TypeError(
      "The fetch of PortOne takes a path, a URL or a Request of Node's own fetch; it was given something else.",
    );
  const text = String(input);
  return URL.canParse(text) ? new URL(text) : new URL(text, baseURL);
}

/** The URL that fetch itself reads. A subclass of `Request`, or a property set on it, may show another `url`. */
const sentTo = (request: Request): string =>
  Reflect.get(Request.prototype, 'url', request) as string;

/** Looks at a property, because `instanceof` fails for a URL of another realm, such as jsdom's. */
const isURL = (value: unknown): value is URL =>
  typeof value === 'object' && value !== null && 'href' in value;
