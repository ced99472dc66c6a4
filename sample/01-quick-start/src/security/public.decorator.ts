import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'shop:is-public';

/** Marks a route that needs no key of the shop, because it has its own guard or nothing to protect. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
