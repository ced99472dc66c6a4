import { Injectable } from '@nestjs/common';
import type {
  AuthModuleOptions,
  AuthModuleOptionsFactory,
} from 'nestjs-portone-auth';

/** Reads the API secret from the environment. In your app, read it from `ConfigService` or from your secret manager. */
@Injectable()
export class PortOneOptions implements AuthModuleOptionsFactory {
  createAuthOptions(): AuthModuleOptions {
    const { PORTONE_API_SECRET: apiSecret, PORTONE_API_BASE_URL: baseURL } =
      process.env;
    if (!apiSecret) {
      throw new Error(
        'Set PORTONE_API_SECRET to the V2 API secret of your PortOne console, or PORTONE_EMULATOR=1 to try the shop without one.',
      );
    }
    return {
      apiSecret,
      ...(baseURL && { baseURL }),
      // An HTML page with status 200 then becomes an error, not a payment without fields.
      http: {
        responseType: 'json',
        transitional: { silentJSONParsing: false },
      },
    };
  }
}
