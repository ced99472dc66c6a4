import { HttpService } from '@nestjs/axios';

/** The `HttpService` whose requests carry the PortOne token, under a name no other module's `HttpService` can take. */
export class PortOneHttpService extends HttpService {}
