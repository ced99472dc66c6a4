/** What one check found. */
export interface Finding {
  readonly outcome: 'pass' | 'fail' | 'skip';
  /** One sentence, without a credential. */
  readonly says: string;
  /** What to do about a failed check. */
  readonly cure?: string;
}

export const pass = (says: string): Finding => ({ outcome: 'pass', says });
export const skip = (says: string): Finding => ({ outcome: 'skip', says });
export const fail = (says: string, cure: string): Finding => ({
  outcome: 'fail',
  says,
  cure,
});
