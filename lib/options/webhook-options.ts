import {
  secretProblem,
  type WebhookSecret,
} from '../webhook/webhook-secret.js';
import { Must, Option, OptionGroup } from './option.js';

export class WebhookGroup extends OptionGroup {
  /**
   * The secret of routes with `@PortOneWebhook()` that have none of their own: of the PortOne console (`whsec_…`), several, or
   * a function that gives them and is called for each webhook. Default none.
   */
  @Option(
    Must((secret) =>
      typeof secret === 'function' ? undefined : secretProblem(secret),
    ),
  )
  readonly secret?: WebhookSecret;
}
