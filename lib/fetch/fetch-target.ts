/** Where a request goes: an absolute URL stays as it is, anything else is resolved against `baseURL`. */
export function urlOf(input: unknown, baseURL: string): URL {
  if (input instanceof Request) return new URL(sentTo(input));
  if (typeof input !== 'string' && !isURL(input))
    throw new TypeError(
      'fetch of PortOne takes a path, a URL or a Request of this Node; it was given something else.',
    );
  const text = String(input);
  return URL.canParse(text) ? new URL(text) : new URL(text, baseURL);
}

/** What fetch itself reads. A subclass, or a property put on it, may answer another `url`. */
const sentTo = (request: Request): string =>
  Reflect.get(Request.prototype, 'url', request) as string;

/** By structure: it may come from another realm, such as jsdom's. */
const isURL = (value: unknown): value is URL =>
  typeof value === 'object' && value !== null && 'href' in value;
