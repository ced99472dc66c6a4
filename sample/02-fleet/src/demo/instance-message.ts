import type { TokenEvent } from 'nestjs-portone-auth';

/** A message from an instance to its parent process. */
export type InstanceMessage =
  | { readonly kind: 'listening'; readonly url: string }
  /** The instance holds the lock and is about to call PortOne. */
  | { readonly kind: 'renewing' }
  | { readonly kind: 'token'; readonly what: TokenEvent['type'] }
  | { readonly kind: 'logged'; readonly text: string };
