import type { ServerResponse } from 'node:http';

/**
 * Adds headers to a response if it goes out with that status. They are not set at once: a guard that combines others may
 * still let the request pass, and a challenge on a 200 would be a lie. Takes the response of Express or of Fastify.
 */
export function sendHeadersWith(
  status: number,
  headers: ReadonlyMap<string, string>,
  response: ServerResponse | { readonly raw: ServerResponse },
): void {
  const raw = 'raw' in response ? response.raw : response;
  const writeHead = raw.writeHead;
  raw.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    if (args[0] === status) {
      for (const [name, value] of headers) this.setHeader(name, value);
    }
    return writeHead.apply(this, args as never);
  } as typeof writeHead;
}
