import { HttpService } from '@nestjs/axios';
import { Controller, Get } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

/** Calls PortOne for every request. This code contains nothing about tokens or about other processes. */
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
