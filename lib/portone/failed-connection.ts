import { isIP } from 'node:net';
import { own } from './own.js';

const CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
/** A host name or an address, with or without a port. */
export const HOST = /^[\w.:-]{1,253}$/;
/** Codes of OpenSSL and Node; not `ERR_SSL_…_ALERT_…`, by which the server does not accept this client. */
const CERTIFICATE =
  /^(?!ERR_SSL)(.*CERT|.*SELF_SIGNED|UNABLE_TO_|HOSTNAME_|INVALID_CA|ERR_TLS)/;

/** What may be shown of a connection that failed. */
export interface FailedConnection {
  /** Node's, OpenSSL's or axios's code, such as `ECONNREFUSED`. */
  readonly code?: string;
  /** The address or the host that was tried. */
  readonly where?: string;
  /** Whether this Node did not accept the certificate of the other side. */
  readonly isCertificate: boolean;
}

/** Reads codes, hosts and addresses from an error and from its causes; what else they hold may be a credential. */
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

/** The error, what it wraps, and the attempts at several addresses of one host. */
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
