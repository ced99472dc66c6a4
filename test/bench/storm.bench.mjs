/** A token is revoked during 2,000 calls, whose 401s arrive over 380 ms. */
import { burst } from './support/burst.mjs';

await burst(
  'Storm, token revoked, 2,000 calls in flight, 401s over 380 ms, token endpoint 50 ms',
  {
    calls: 2_000,
    maxSockets: Infinity,
    async prepare(portone, call) {
      // A client that gets its first token only after a 401 may need several calls.
      for (let i = 0; i < 3; i++) await call();
      await portone.tell('revokeAccessTokens');
      await portone.tell('delay', 'tokens', 50);
      await portone.tell('spread', 'api', 380, 20);
    },
  },
);
