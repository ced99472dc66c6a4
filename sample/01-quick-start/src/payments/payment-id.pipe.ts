import {
  Injectable,
  NotFoundException,
  type PipeTransform,
} from '@nestjs/common';

/** Accepts only ids in the format of this shop. The caller chooses the id, and `..` would lead to another endpoint of PortOne. */
@Injectable()
export class PaymentIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new NotFoundException();
    return id;
  }
}
