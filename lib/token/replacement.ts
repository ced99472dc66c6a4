/** What a refused call may be replayed with. */
export interface Replacement {
  readonly token: string;
  /**
   * Asked for after the refusal: if it is refused as well, no renewal heals that. One that was there before, or under way,
   * or obtained by another instance, may have been revoked along with the refused one.
   */
  readonly isNew: boolean;
}
