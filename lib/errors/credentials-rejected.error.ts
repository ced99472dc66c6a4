import { PortOneAuthError } from './portone-auth.error.js';

/** PortOne rejects the API secret. Repeating the call does not help; another secret does. */
export class CredentialsRejectedError extends PortOneAuthError {
  readonly code = 'PORTONE_CREDENTIALS_REJECTED';
  readonly retryable = false;

  /**
   * @param client the name of the client whose secret was rejected
   * @param said status and `type` of the answer
   * @param isOtherMerchant PortOne accepts the secret, but it is not one of this client's merchant and store any more
   */
  constructor(
    readonly client: string,
    said: string,
    isOtherMerchant = false,
  ) {
    super(
      isOtherMerchant
        ? `The API secret of the client '${client}' was rejected: ${said}. A client acts for one merchant and store; ` +
            'give back the old secret, or restart the app or register a second client to change it on purpose.'
        : `PortOne rejected the API secret of the client '${client}' (${said}). ` +
            'Check that it is a V2 API secret from the PortOne console, not a V1 API key and not a secret of your PG; ' +
            'that it is complete, without quotes, blanks or a line break; ' +
            'and that it has not expired and has not been deleted in the console.',
    );
  }
}
