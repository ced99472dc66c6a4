import type { DenialText } from './denials.js';

/** The characters of a scope (RFC 6749, section 3.3); a name with others would break out of the quotes. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The value of `WWW-Authenticate` (RFC 6750, section 3) for a caller who is denied; `scope` only with insufficient_scope. */
export function challenge(
  { error, message }: DenialText,
  scope: readonly string[] = [],
): string {
  const parameters = ['realm="portone"'];
  if (error) {
    parameters.push(`error="${error}"`, `error_description="${message}"`);
  }
  if (error === 'insufficient_scope') {
    const names = scope.filter((name) => SCOPE_TOKEN.test(name));
    parameters.push(`scope="${[...new Set(names)].join(' ')}"`);
  }
  return `Bearer ${parameters.join(', ')}`;
}
