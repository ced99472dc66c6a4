import { Inject, type InjectionToken } from '@nestjs/common';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';
import { PortOneHttpService } from './portone-http.service.js';

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
