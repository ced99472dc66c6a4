import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { proxyOf } from '../../../lib/cli/network/proxy-of.js';

/** The package in which axios itself looks up proxies. */
const { getProxyForUrl } = createRequire(
  createRequire(import.meta.url).resolve('axios'),
)('proxy-from-env') as { getProxyForUrl(url: string): string };
const PROXY = 'http://proxy.example:3128';
const URLS = [
  'https://api.portone.io',
  'https://api.portone.io:8443',
  'https://portone.io',
];

/** The answer of axios's own package for this environment. */
function asAxios(url: string, env: Record<string, string>): string {
  const before = process.env;
  process.env = env;
  try {
    return getProxyForUrl(url);
  } finally {
    process.env = before;
  }
}

describe('The command line uses the same proxy as axios', () => {
  it.each<Record<string, string>>([
    {},
    { HTTPS_PROXY: PROXY },
    { https_proxy: PROXY, HTTPS_PROXY: 'http://other.example:1' },
    { ALL_PROXY: PROXY },
    { HTTP_PROXY: PROXY },
    { HTTPS_PROXY: PROXY, NO_PROXY: 'api.portone.io' },
    { HTTPS_PROXY: PROXY, NO_PROXY: 'portone.io' },
    { HTTPS_PROXY: PROXY, NO_PROXY: '.portone.io' },
    { HTTPS_PROXY: PROXY, NO_PROXY: '*.portone.io' },
    { HTTPS_PROXY: PROXY, NO_PROXY: 'localhost, api.portone.io:443' },
    { HTTPS_PROXY: PROXY, NO_PROXY: 'api.portone.io:8443' },
    { HTTPS_PROXY: PROXY, no_proxy: '', NO_PROXY: '*' },
    { HTTPS_PROXY: PROXY, NO_PROXY: 'API.PORTONE.IO' },
  ])('under %j', (env) => {
    for (const url of URLS) {
      const ours = proxyOf(new URL(url), env)?.url?.href.replace(/\/$/, '');
      expect([url, ours ?? '']).toEqual([url, asAxios(url, env)]);
    }
  });

  it('except for plain http, which is allowed for loopback only', () => {
    const env = { HTTP_PROXY: PROXY, ALL_PROXY: PROXY };
    expect(proxyOf(new URL('http://127.0.0.1:7788'), env)).toBeUndefined();
  });
});
