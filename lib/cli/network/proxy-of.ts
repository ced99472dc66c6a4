/** A proxy that the environment names, and the variable that names it. */
export interface ProxySetting {
  readonly variable: string;
  /** Undefined when the value is not an http or https URL. */
  readonly url: URL | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for calls to a URL, by the rules that axios follows: `https_proxy`, then `all_proxy`, small letters first, unless
 * `no_proxy` names the host. Plain http is allowed for loopback only, and never goes through a proxy.
 */
export function proxyOf(
  target: URL,
  env: Environment,
): ProxySetting | undefined {
  if (target.protocol !== 'https:' || isExcepted(target, env)) return undefined;
  for (const name of ['https_proxy', 'all_proxy'])
    for (const variable of [name, name.toUpperCase()]) {
      const value = env[variable]?.trim();
      if (value) return { variable, url: parse(value) };
    }
  return undefined;
}

function parse(value: string): URL | undefined {
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

function isExcepted(target: URL, env: Environment): boolean {
  const host = target.hostname.toLowerCase();
  const port = target.port || '443';
  return (env['no_proxy'] || env['NO_PROXY'] || '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (only && only !== port) return false;
      const suffix = name.replace(/^\*/, '');
      return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix;
    });
}
