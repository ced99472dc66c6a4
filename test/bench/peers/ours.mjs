import { openOurs } from '../support/open-ours.mjs';

/** Ours with its defaults; no eager login, so that a cold start is one. */
export async function openOurClient(portone, httpAgent, options) {
  const { http, tokens, close } = await openOurs(portone, {
    eager: false,
    http: { httpAgent },
    ...options,
  });
  return {
    name: 'nestjs-portone-auth',
    call: (path) => http.axiosRef.get(path),
    isRenewing: () => {
      const { state, renewsInMs } = tokens.snapshot();
      return state !== 'empty' && renewsInMs === undefined;
    },
    close,
  };
}
