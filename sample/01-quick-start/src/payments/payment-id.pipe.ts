import {
  Injectable,
  NotFoundException,
  type PipeTransform,
} from '@nestjs/common';

/** Accepts the payment ids of this shop only. An id comes from the caller, and `..` would lead to another endpoint of PortOne. */
@Injectable()
export class PaymentIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new NotFoundException();
    return id;
  }
}
