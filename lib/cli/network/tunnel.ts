import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { credentialsOf } from './credentials.js';

/** The proxy answered, but opened no tunnel. */
export class TunnelFailure extends Error {
  constructor(readonly status: number) {
    super(`the proxy answered with status ${status}`);
  }
}

/** Opens a connection to a host through an HTTP proxy (CONNECT). Rejects with {@link TunnelFailure} or with Node's error. */
export async function openTunnel(
  target: URL,
  proxy: URL,
  signal: AbortSignal,
): Promise<Socket> {
  const path = `${target.hostname}:${target.port || 443}`;
  const { request } = proxy.protocol === 'https:' ? https : http;
  const { user, password } = credentialsOf(proxy);
  const sent = request(proxy, {
    method: 'CONNECT',
    path,
    agent: false,
    signal,
    headers: {
      Host: path,
      ...(user && {
        'Proxy-Authorization': `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      }),
    },
  });
  const answered = new Promise<Socket>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      reject(new TunnelFailure(statusCode));
    });
  });
  sent.end();
  return answered;
}

/** A TLS connection to a host, through a proxy where there is one. Rejects when the certificate is not accepted. */
export async function openTls(
  target: URL,
  proxy: URL | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const socket = proxy && (await openTunnel(target, proxy, signal));
  return new Promise((resolve, reject) => {
    const tls = connectTls({
      ...(socket ? { socket } : { host, port: Number(target.port || 443) }),
      // SNI allows host names only, no IP addresses.
      ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
    });
    const abort = () => tls.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    tls.once('close', () => signal.removeEventListener('abort', abort));
    tls.once('error', reject);
    tls.once('secureConnect', () => resolve(tls));
  });
}
