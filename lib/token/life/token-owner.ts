import type { AccessTokenClaims } from '../../portone/jwt-claims.js';

/** The merchant and store of a client's first token. A client never acts for another one. */
export class TokenOwner {
  #merchant?: string;
  #store?: string;

  /** Only an id that the token names can be another one. */
  isOther({ merchant_service: of }: AccessTokenClaims): boolean {
    return (
      isOther(this.#merchant, of?.merchant_id) ||
      isOther(this.#store, of?.store_id)
    );
  }

  learn({ merchant_service: of }: AccessTokenClaims): void {
    this.#merchant ??= of?.merchant_id;
    this.#store ??= of?.store_id;
  }
}

const isOther = (known?: string, given?: string): boolean =>
  known !== undefined && given !== undefined && known !== given;
