import { registerDecorator } from 'class-validator';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL may receive credentials: https, or plain http on a loopback host; nothing in it but origin and path. */
export function isTokenUrl(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return false;
  }
  const isSafe =
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSafe && !url.username && !url.password && !/[?#\\\s]/.test(value);
}

/** Validates with {@link isTokenUrl}; `each` for a list. The message never shows the value: it may hold credentials. */
export const IsTokenUrl =
  (options: { each?: boolean } = {}): PropertyDecorator =>
  (target, propertyName) =>
    registerDecorator({
      name: 'isTokenUrl',
      target: target.constructor,
      propertyName: String(propertyName),
      options: {
        ...options,
        message:
          'must be an https URL (plain http for a loopback host only) without credentials, query or fragment',
      },
      validator: { validate: isTokenUrl },
    });
