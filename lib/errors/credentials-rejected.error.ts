import { PortOneAuthError } from './portone-auth.error.js';

/** PortOne rejects the API secret. The same call fails until the secret is changed. */
export class CredentialsRejectedError extends PortOneAuthError {
  readonly code = 'PORTONE_CREDENTIALS_REJECTED';
  readonly retryable = false;

  /**
   * @param client the name of the client whose secret was rejected
   * @param detail status and `type` of the answer
   * @param isOtherMerchant PortOne accepts the secret, but it belongs to another merchant or store than before
   */
  constructor(
    readonly client: string,
    detail: string,
    isOtherMerchant = false,
  ) {
    super(
      isOtherMerchant
        ? `The API secret of the client '${client}' was rejected: ${detail}. A client acts for one merchant and store only. ` +
            'Put the old secret back. If the change is intended, restart the app, or register a second client.'
        : `PortOne rejected the API secret of the client '${client}' (${detail}). ` +
            'Check that it is a V2 API secret from the PortOne console, not a V1 API key and not a secret of your PG; ' +
            'that it is complete, without quotes, blanks or a line break; ' +
            'and that it has not expired and has not been deleted in the console.',
    );
  }
}
