import axios from 'axios';
import { TokenCalls } from '../support/token-calls.mjs';

/** The control: requests with a static header, and a token call every 700 ms that no request waits for. */
export async function openStaticHeader(portone, httpAgent) {
  const tokens = new TokenCalls(portone, httpAgent);
  const http = axios.create({
    baseURL: portone.url,
    httpAgent,
    timeout: 60_000,
    maxRedirects: 0,
    headers: { Authorization: `PortOne ${portone.apiSecret}` },
  });
  const timer = setInterval(() => tokens.login().catch(() => undefined), 700);
  return {
    name: 'static header, token calls beside it',
    call: (path) => http.get(path),
    isRenewing: () => tokens.inFlight > 0,
    close: () => clearInterval(timer),
  };
}
