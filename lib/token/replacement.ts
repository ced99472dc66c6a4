/** What a refused call may be replayed with. */
export interface Replacement {
  readonly token: string;
  /** Asked for after the refusal: if it is refused as well, no renewal heals that. */
  readonly isNew: boolean;
  /** Obtained by another instance, or by a renewal that was under way before: it may have been revoked along with the refused one. */
  readonly isDoubtful: boolean;
}
