// Does what PM2's cluster mode does: starts processes with node:cluster that share a port.
import cluster from 'node:cluster';

if (cluster.isPrimary) {
  for (let worker = 0; worker < 3; worker += 1) cluster.fork();
  process.once('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers ?? {}))
      worker?.process.kill('SIGTERM');
    process.exit();
  });
} else {
  await import('./server.js');
}
