import { HttpService } from '@nestjs/axios';
import { Controller, Get } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

/** Asks PortOne on every call. The controller knows nothing of tokens, nor of the other processes. */
@Controller('sales')
export class SalesController {
  constructor(private readonly http: HttpService) {}

  @Get()
  count(): Observable<{ payments: number }> {
    return this.http
      .get<{ page: { totalCount: number } }>('/payments')
      .pipe(map(({ data }) => ({ payments: data.page.totalCount })));
  }
}
