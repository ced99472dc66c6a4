import { Axios, type AxiosRequestConfig } from 'axios';

/** Not the global instance, whose defaults anybody may change. */
const rules = new Axios({});

/** Where axios will send a request, by its own rules and apart from `params`; undefined for a URL it refuses. */
export function finalUrl({
  url,
  baseURL,
  allowAbsoluteUrls,
}: AxiosRequestConfig): URL | undefined {
  try {
    return new URL(rules.getUri({ url, baseURL, allowAbsoluteUrls }));
  } catch {
    return undefined;
  }
}
