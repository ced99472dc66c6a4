/** What a refused call may be replayed with. */
export interface Replacement {
  readonly token: string;
  /** Obtained by a token call of ours after the refusal: if it is refused as well, no renewal heals that. */
  readonly isNew: boolean;
  /** Obtained by another instance: it may have been revoked together with the refused one. */
  readonly isAdopted: boolean;
}
