/** The first calls of a process, all at once: counts logins and failed calls. */
import { burst } from './support/burst.mjs';

await burst('Cold start, 10,000 calls at once, token endpoint 50 ms', {
  calls: 10_000,
  maxSockets: 256,
  prepare: (portone) => portone.tell('delay', 'tokens', 50),
});
