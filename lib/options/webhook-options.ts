import {
  secretProblem,
  type WebhookSecret,
} from '../webhook/webhook-secret.js';
import { Must, Option, OptionGroup } from './option.js';

export class WebhookGroup extends OptionGroup {
  /**
   * The secret for routes whose `@PortOneWebhook()` names none: from the PortOne console (`whsec_…`), a list of them, or a
   * function that returns one or several and is called for each webhook. Default none.
   */
  @Option(
    Must((secret) =>
      typeof secret === 'function' ? undefined : secretProblem(secret),
    ),
  )
  readonly secret?: WebhookSecret;
}
