import { failedConnection } from '../../portone/failed-connection.js';
import { openTls } from '../network/tunnel.js';
import { fail, pass, skip, type Finding } from './finding.js';
import { CHECK_MS, limit, type NetworkSetup } from './network-setup.js';

/** Whether the API has a certificate that this Node accepts. */
export async function checkTls({
  baseUrl,
  proxy,
  env,
}: NetworkSetup): Promise<Finding> {
  if (baseUrl.protocol === 'http:') return skip('the base URL is plain http');
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    return fail(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 accepts every certificate, so another server could receive the secret',
      'remove it; NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds the certificate authority of your network',
    );
  if (proxy && !proxy.url) return skip('correct the proxy first');
  const signal = limit();
  try {
    (await openTls(baseUrl, proxy?.url, signal)).destroy();
    return pass(`${baseUrl.host} has a certificate that is accepted`);
  } catch (error) {
    const { code = 'no code', isCertificate } = failedConnection(error);
    if (isCertificate)
      return fail(
        `the certificate of ${baseUrl.host} is not accepted (${code})`,
        cureOf(code),
      );
    const isPlain = /SSL|TLS|EPROTO/.test(code);
    return fail(
      signal.aborted
        ? `${baseUrl.host} gave no TLS connection within ${CHECK_MS / 1000} s`
        : `${baseUrl.host} gives no TLS connection (${code})`,
      isPlain
        ? 'the server does not speak TLS as expected: check host and port of the base URL, and any proxy or firewall in between'
        : `let this machine connect to ${baseUrl.hostname}:${baseUrl.port || 443} (firewall, security group), or set HTTPS_PROXY`,
    );
  }
}

function cureOf(code: string): string {
  if (code.includes('EXPIRED') || code.includes('NOT_YET_VALID'))
    return 'check the clock of this machine, then the certificate of the server';
  if (code.includes('ALTNAME'))
    return 'another server answers under this name: check the base URL, DNS and the hosts file';
  return 'a proxy of your network may sign with its own authority: add that with NODE_EXTRA_CA_CERTS=/path/to/ca.pem';
}
