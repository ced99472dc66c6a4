import { isIP } from 'node:net';
import { own } from './own.js';

const CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
/** A host name or an address, with or without a port. */
export const HOST = /^[\w.:-]{1,253}$/;
/** Codes of OpenSSL and Node for a rejected server certificate. `ERR_SSL_…_ALERT_…` means that the server rejects this client. */
const CERTIFICATE =
  /^(?!ERR_SSL)(.*CERT|.*SELF_SIGNED|UNABLE_TO_|HOSTNAME_|INVALID_CA|ERR_TLS)/;

/** What is safe to show about a failed connection. */
export interface FailedConnection {
  /** Node's, OpenSSL's or axios's code, such as `ECONNREFUSED`. */
  readonly code?: string;
  /** The address or the host that was tried. */
  readonly where?: string;
  /** Whether Node rejected the certificate of the server. */
  readonly isCertificate: boolean;
}

/** Reads codes, hosts and addresses from an error and its causes. Anything else in them may hold a credential. */
export function failedConnection(error: unknown): FailedConnection {
  const facts = causes(error);
  const find = (key: string, pattern: RegExp) =>
    facts
      .map((fact) => own(fact, key))
      .find(
        (value): value is string =>
          typeof value === 'string' && pattern.test(value),
      );
  const code = find('code', CODE);
  const address = facts
    .filter((fact) => isIP(String(own(fact, 'address'))))
    .map((fact) => addressOf(own(fact, 'address'), own(fact, 'port')))[0];
  const where = address ?? find('hostname', HOST);
  return {
    ...(code && { code }),
    ...(where && { where }),
    isCertificate: code !== undefined && CERTIFICATE.test(code),
  };
}

/** The error, its causes, and the errors of several addresses that were tried for one host. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let link = error; found.length < 8 && link; link = own(link, 'cause')) {
    const attempts = own(link, 'errors');
    found.push(link, ...(Array.isArray(attempts) ? attempts.slice(0, 8) : []));
  }
  return found;
}

const addressOf = (address: unknown, port: unknown): string => {
  const host = isIP(String(address)) === 6 ? `[${address}]` : String(address);
  return Number.isInteger(port) ? `${host}:${port}` : host;
};
