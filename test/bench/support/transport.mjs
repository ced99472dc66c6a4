import axios from 'axios';

/**
 * The same transport for every peer, axios with the same agent, so that peers differ in the handling of tokens only. `send`
 * resolves for every status. `fetch` does the same for peers that need a fetch.
 */
export function createTransport(httpAgent) {
  const instance = axios.create({
    httpAgent,
    timeout: 60_000,
    maxRedirects: 0,
    responseType: 'text',
    validateStatus: () => true,
  });
  const send = ({ url, method, headers }) =>
    instance.request({ url, method, headers });
  return {
    send,
    async fetch(input, init) {
      const request = new Request(input, init);
      const { url, method } = request;
      const headers = Object.fromEntries(request.headers);
      const {
        data,
        status,
        headers: received,
      } = await send({
        url,
        method,
        headers,
      });
      return new Response(data, {
        status,
        headers: { 'content-type': String(received['content-type']) },
      });
    },
  };
}
