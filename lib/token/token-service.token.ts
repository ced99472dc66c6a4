import { Inject, type InjectionToken } from '@nestjs/common';
import { TokenService } from './token.service.js';

/** The name of the client that was registered without one. */
export const DEFAULT_CLIENT = 'default';

/** The injection token of a client's `TokenService`: the class itself for the default client. */
export const getTokenServiceToken = (client?: string): InjectionToken =>
  client === undefined || client === DEFAULT_CLIENT
    ? TokenService
    : `nestjs-portone-auth:TokenService:${client}`;

/** Injects the `TokenService` of a named client. */
export const InjectTokenService = (
  client?: string,
): PropertyDecorator & ParameterDecorator =>
  Inject(getTokenServiceToken(client));
