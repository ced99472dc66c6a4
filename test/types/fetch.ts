import { Injectable } from '@nestjs/common';
import {
  getPortOneFetchToken,
  InjectPortOneFetch,
  type PortOneFetch,
} from 'nestjs-portone-auth';
import { expectType, type Same } from './expect-type.js';

expectType<Same<PortOneFetch, typeof fetch>>();

getPortOneFetchToken();
getPortOneFetchToken('b');

@Injectable()
export class Payments {
  @InjectPortOneFetch('b') private readonly other!: PortOneFetch;

  constructor(@InjectPortOneFetch() private readonly fetch: PortOneFetch) {}

  async find(): Promise<number> {
    const response: Response = await this.fetch('/payments');
    const other = await this.other(new Request('https://api.portone.io/x'), {
      method: 'POST',
      body: new URLSearchParams(),
      signal: AbortSignal.timeout(5_000),
    });
    return response.status + other.status;
  }
}
