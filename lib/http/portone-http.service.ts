import { HttpService } from '@nestjs/axios';
import { Inject, type InjectionToken } from '@nestjs/common';
import { surviveProxies } from '../provider/survive-proxies.js';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';

/** The `HttpService` whose requests carry the PortOne token. As a class of its own it cannot be confused with another module's. */
export class PortOneHttpService extends HttpService {
  constructor(...given: ConstructorParameters<typeof HttpService>) {
    super(...given);
    surviveProxies(this);
  }
}

/** The injection token of a client's `HttpService`: `PortOneHttpService` for the default client. */
export const getHttpServiceToken = (client?: string): InjectionToken =>
  client === undefined || client === DEFAULT_CLIENT
    ? PortOneHttpService
    : `nestjs-portone-auth:HttpService:${client}`;

/** Injects the `HttpService` of a named client. */
export const InjectHttpService = (
  client?: string,
): PropertyDecorator & ParameterDecorator =>
  Inject(getHttpServiceToken(client));
