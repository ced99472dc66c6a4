import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { failedConnection } from '../../portone/failed-connection.js';
import { fail, pass, skip, type Finding } from './finding.js';
import type { NetworkSetup } from './network-setup.js';

type Lookup = (host: string) => Promise<{ readonly address: string }>;

/** Whether the name of the API has an address. */
export async function checkDns(
  { baseUrl, proxy }: NetworkSetup,
  find: Lookup = lookup,
): Promise<Finding> {
  const host = baseUrl.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) return skip(`${host} is an IP address`);
  if (proxy) return skip(`the proxy of ${proxy.variable} looks up ${host}`);
  try {
    const { address } = await find(host);
    return pass(`${host} is ${address}`);
  } catch (error) {
    const { code = 'no code' } = failedConnection(error);
    return fail(
      `${host} has no address here (${code})`,
      'check the name, and the DNS server of this machine or container (/etc/resolv.conf); if this network is left through a proxy only, set HTTPS_PROXY',
    );
  }
}
