import { once } from 'node:events';
import { createServer } from 'node:net';

/** Reads the port from PORT; default 3000. Ends the process with one sentence when the port is taken or PORT is not a port. */
export async function portOrExit(
  value = process.env['PORT'] ?? '3000',
): Promise<number> {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65_535))
    return exit('PORT must be a whole number from 0 to 65535.');
  const probe = createServer();
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return exit(
      code === 'EADDRINUSE'
        ? `Port ${port} of this machine is taken. Choose another one, such as PORT=${port + 1}.`
        : `Port ${port} cannot be used (${code}). Choose another one, such as PORT=3000.`,
    );
  }
  probe.close();
  await once(probe, 'close');
  return port;
}

function exit(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
