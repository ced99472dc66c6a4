import type { HttpServer } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';

/**
 * Finds out at boot whether the app keeps raw bodies. Nest passes this setting only to the HTTP adapter's method that registers
 * the body parsers. So that method is replaced, until Nest has called it once.
 */
export class RawBodyWatch {
  /** Undefined while it is unknown. It stays unknown when the app registers its own body parsers. */
  isKept?: boolean;

  constructor(host: HttpAdapterHost) {
    // Nest gives a testing module its adapter later. Nest 11.0 has no `init$`, so `isKept` stays undefined there.
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
