import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';

/** A key and a self-signed certificate. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for `host`, with the machine's openssl. */
export function selfSigned(host = 'localhost'): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'portone-tls-'));
  try {
    const key = join(folder, 'key.pem');
    const cert = join(folder, 'cert.pem');
    const subject = ['-subj', `/CN=${host}`];
    const name = ['-addext', `subjectAltName=DNS:${host}`];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const files = ['-keyout', key, '-out', cert, '-days', '2', '-nodes'];
    execFileSync(
      'openssl',
      ['req', '-x509', ...curve, ...files, ...subject, ...name],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A TLS server in front of a plain server. Records the host name and the certificate that each client sent. */
export interface TlsFront {
  readonly url: string;
  readonly port: number;
  readonly connections: {
    readonly servername: string | false | null;
    readonly clientName: string | undefined;
  }[];
  close(): Promise<void>;
}

/** Opens a TLS server in front of `target`. With `ca`, it requires a client certificate that was signed by `ca`. */
export async function openTlsFront(
  target: string,
  { key, cert }: SelfSigned,
  ca?: string,
): Promise<TlsFront> {
  const connections: TlsFront['connections'] = [];
  const sockets = new Set<Socket>();
  const options = { key, cert, ...(ca && { ca, requestCert: true }) };
  const server = createServer(options, (socket: TLSSocket) => {
    const { CN } = socket.getPeerCertificate().subject ?? {};
    connections.push({
      servername: socket.servername,
      clientName: Array.isArray(CN) ? CN[0] : CN,
    });
    sockets.add(socket);
    const behind = connect(Number(new URL(target).port), '127.0.0.1');
    for (const [from, to] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      from.on('error', () => to.destroy()).pipe(to);
    }
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    port,
    connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
