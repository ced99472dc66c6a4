import { failedConnection } from '../../portone/failed-connection.js';
import { openTunnel, TunnelFailure } from '../network/tunnel.js';
import { fail, pass, skip, type Finding } from './finding.js';
import { limit, type NetworkSetup } from './network-setup.js';

/** Whether the proxy that an environment variable names opens a tunnel to the API. */
export async function checkProxy({
  baseUrl,
  proxy,
}: NetworkSetup): Promise<Finding> {
  if (baseUrl.protocol === 'http:')
    return skip('plain http, which is for loopback only, uses no proxy');
  if (!proxy) return skip(`no variable names a proxy for ${baseUrl.hostname}`);
  const { variable, url } = proxy;
  const without = `or name ${baseUrl.hostname} in NO_PROXY`;
  if (!url)
    return fail(
      `${variable} is not an http or https URL`,
      `write ${variable}=http://HOST:PORT, ${without}`,
    );
  const signal = limit();
  try {
    (await openTunnel(baseUrl, url, signal)).destroy();
    return pass(
      `${variable} leads through ${url.host}, which opens a tunnel to ${baseUrl.hostname}`,
    );
  } catch (error) {
    if (error instanceof TunnelFailure)
      return fail(
        `the proxy ${url.host} of ${variable} answers with status ${error.status}`,
        error.status === 407
          ? `the proxy asks for credentials: ${variable}=http://USER:PASSWORD@${url.host}`
          : `let the proxy allow CONNECT to ${baseUrl.hostname}:${baseUrl.port || 443}, ${without}`,
      );
    const { code = 'no answer' } = failedConnection(error);
    return fail(
      `the proxy ${url.host} of ${variable} does not answer (${signal.aborted ? 'timeout' : code})`,
      `correct ${variable}, ${without}`,
    );
  }
}
