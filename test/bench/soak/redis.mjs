import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Starts the `redis-server` of PATH on a free loopback port, without persistence. */
export async function startRedis() {
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port)];
  const child = spawn('redis-server', [...args, '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) =>
    child.stdout.on('data', (text) => {
      if (String(text).includes('Ready to accept connections')) resolve();
    }),
  );
  process.once('exit', () => child.kill());
  return { port, stop: () => child.kill() };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
