import type { AccessTokenClaims } from '../../portone/jwt-claims.js';

/** The merchant and store of a client's first token. The client never acts for another merchant or store. */
export class TokenOwner {
  #merchant?: string;
  #store?: string;

  /** A token that names no merchant or no store is not of another one. */
  isOther({ merchant_service: owner }: AccessTokenClaims): boolean {
    return (
      isOther(this.#merchant, owner?.merchant_id) ||
      isOther(this.#store, owner?.store_id)
    );
  }

  learn({ merchant_service: owner }: AccessTokenClaims): void {
    this.#merchant ??= owner?.merchant_id;
    this.#store ??= owner?.store_id;
  }
}

const isOther = (known?: string, named?: string): boolean =>
  known !== undefined && named !== undefined && known !== named;
