import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';

/** An adapter that sends nothing. It records the Authorization of each request. */
export function capture(
  status: (attempt: number) => number = () => 200,
): AxiosAdapter & { readonly tokens: unknown[] } {
  const tokens: unknown[] = [];
  const adapter = (config: InternalAxiosRequestConfig) => {
    tokens.push(config.headers.get('Authorization'));
    return Promise.resolve({
      data: '',
      status: status(tokens.length),
      statusText: '',
      headers: {},
      config,
    });
  };
  return Object.assign(adapter, { tokens });
}
