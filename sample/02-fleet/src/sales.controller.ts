import { HttpService } from '@nestjs/axios';
import { Controller, Get } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

/** Asks PortOne on every call; whose token is on the request, and which process got it, is not seen here. */
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
