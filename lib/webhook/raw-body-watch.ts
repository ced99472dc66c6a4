import type { HttpServer } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';

/**
 * Learns at boot whether the app keeps raw bodies. Nest says so only to the HTTP adapter, when it registers the body
 * parsers, so the adapter's method is replaced until that one call.
 */
export class RawBodyWatch {
  /** Undefined while unknown, and for good where the app registers body parsers of its own. */
  isKept?: boolean;

  constructor(host: HttpAdapterHost) {
    // Nest gives a testing module its adapter later; Nest 11.0 has no `init$`, and then nothing is learnt there.
    const { httpAdapter, init$ } = host as Partial<HttpAdapterHost>;
    if (httpAdapter) this.watch(httpAdapter);
    else init$?.subscribe(() => this.watch(host.httpAdapter));
  }

  private watch(adapter: Partial<HttpServer>): void {
    const register = adapter.registerParserMiddleware;
    if (!register) return;
    adapter.registerParserMiddleware = (...args: unknown[]) => {
      Reflect.deleteProperty(adapter, 'registerParserMiddleware');
      this.isKept = args[1] === true;
      return register.apply(adapter, args) as unknown;
    };
  }
}
