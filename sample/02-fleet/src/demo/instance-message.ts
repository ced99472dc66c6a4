import type { TokenEvent } from 'nestjs-portone-auth';

/** What an instance tells the process that started it. */
export type InstanceMessage =
  | { readonly kind: 'listening'; readonly url: string }
  /** The instance holds the lock and is about to call PortOne. */
  | { readonly kind: 'renewing' }
  | { readonly kind: 'token'; readonly what: TokenEvent['type'] }
  | { readonly kind: 'logged'; readonly text: string };
