import { HttpService } from '@nestjs/axios';
import { surviveProxies } from '../provider/survive-proxies.js';

/** The `HttpService` whose requests carry the PortOne token, under a name no other module's `HttpService` can take. */
export class PortOneHttpService extends HttpService {
  constructor(...given: ConstructorParameters<typeof HttpService>) {
    super(...given);
    surviveProxies(this);
  }
}
