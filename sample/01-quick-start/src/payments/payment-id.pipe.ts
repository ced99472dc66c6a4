import {
  Injectable,
  NotFoundException,
  type PipeTransform,
} from '@nestjs/common';

/** The ids this shop gives its payments. It comes from the caller, and `..` would be another endpoint of PortOne's. */
@Injectable()
export class PaymentIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new NotFoundException();
    return id;
  }
}
