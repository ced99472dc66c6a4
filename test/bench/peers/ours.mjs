import { openOurs } from '../support/open-ours.mjs';

/** Our module with its defaults, but without the login at boot, so that the first calls are a cold start. */
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
