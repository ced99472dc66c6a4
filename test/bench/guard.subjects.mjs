import { createPublicKey } from 'node:crypto';
import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { auth } from 'express-oauth2-jwt-bearer';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AuthModule, RequirePermission } from '../../dist/index.js';

/** Applies decorators in the order of TypeScript: the last one first. */
const decorate = (decorators, target, key) => {
  const descriptor = key && Object.getOwnPropertyDescriptor(target, key);
  for (const decorator of decorators.toReversed())
    decorator(target, key, descriptor);
  return target;
};

class EmptyGuard {
  canActivate() {
    return true;
  }
}
decorate([Injectable()], EmptyGuard);

/** One controller with a route for each subject. All guards verify ES256 with the emulator's key. */
export async function guardedModule(portone) {
  const { keys } = await (await fetch(portone.jwksUri)).json();
  const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });

  class PortOneStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super({
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKey: pem,
        algorithms: ['ES256'],
        issuer: 'IAMPORT',
      });
    }

    validate(claims) {
      return claims;
    }
  }
  decorate([Injectable()], PortOneStrategy);

  const bearer = auth({
    issuer: 'IAMPORT',
    jwksUri: portone.jwksUri,
    tokenSigningAlg: 'ES256',
    // PortOne's tokens have no audience.
    validators: { aud: false },
    audience: 'none',
  });
  class Auth0Guard {
    canActivate(context) {
      const http = context.switchToHttp();
      return new Promise((resolve, reject) => {
        bearer(http.getRequest(), http.getResponse(), (error) =>
          error ? reject(error) : resolve(true),
        );
      });
    }
  }
  decorate([Injectable()], Auth0Guard);

  const guards = {
    empty: UseGuards(EmptyGuard),
    service: RequirePermission('TX_READ'),
    caller: RequirePermission({ source: 'caller' }, 'TX_READ'),
    passport: UseGuards(AuthGuard('jwt')),
    auth0: UseGuards(Auth0Guard),
  };
  class Routes {}
  for (const [name, guard] of Object.entries(guards)) {
    Object.defineProperty(Routes.prototype, name, {
      value: () => name,
      configurable: true,
      writable: true,
    });
    decorate([guard, Get(name)], Routes.prototype, name);
  }
  decorate([Controller()], Routes);

  class AppModule {}
  return decorate(
    [
      Module({
        imports: [
          PassportModule,
          AuthModule.forRoot({
            apiSecret: portone.apiSecret,
            baseURL: portone.url,
            permissions: {
              verification: {
                jwksUri: portone.jwksUri,
                merchantId: portone.merchantId,
              },
            },
          }),
        ],
        controllers: [Routes],
        providers: [PortOneStrategy],
      }),
    ],
    AppModule,
  );
}

/** The names in the tables. */
export const titles = {
  empty: 'an empty guard',
  service: "ours, source 'service'",
  caller: "ours, source 'caller'",
  passport: 'passport-jwt behind @nestjs/passport',
  auth0: 'express-oauth2-jwt-bearer',
};
