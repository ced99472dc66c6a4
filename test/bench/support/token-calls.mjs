import axios, { isAxiosError } from 'axios';

/**
 * The code that every user of a peer must write: PortOne's two token calls, and the expiry from the JWT. Single flight, schedule
 * and replay are those of the peer.
 */
export class TokenCalls {
  #axios;
  #apiSecret;
  #refreshToken;
  inFlight = 0;

  constructor({ url, apiSecret }, httpAgent) {
    this.#axios = axios.create({
      baseURL: url,
      httpAgent,
      timeout: 10_000,
      maxRedirects: 0,
    });
    this.#apiSecret = apiSecret;
  }

  login() {
    return this.#call('/login/api-secret', { apiSecret: this.#apiSecret });
  }

  /** Rejects when PortOne rejects the refresh token. */
  refresh(refreshToken) {
    return this.#call('/token/refresh', { refreshToken });
  }

  /** Refreshes. Logs in when there is no refresh token or PortOne rejects it. */
  async renew() {
    if (!this.#refreshToken) return this.login();
    try {
      return await this.refresh(this.#refreshToken);
    } catch (error) {
      if (isAxiosError(error) && error.response?.status === 401)
        return this.login();
      throw error;
    }
  }

  async #call(path, body) {
    this.inFlight += 1;
    try {
      const { data } = await this.#axios.post(path, body);
      this.#refreshToken = data.refreshToken;
      const [, payload] = data.accessToken.split('.');
      const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return { ...data, expiresAt: exp * 1000 };
    } finally {
      this.inFlight -= 1;
    }
  }
}
