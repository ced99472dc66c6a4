import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'shop:is-public';

/** The route asks for no key of the shop. It has a guard of its own, or nothing to protect. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
