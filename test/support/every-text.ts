import { inspect } from 'node:util';

/** Every text that a logger could print for a value, including hidden properties and prototypes. */
export function everyText(value: unknown): string {
  return [
    inspect(value, {
      depth: null,
      showHidden: true,
      getters: true,
      maxArrayLength: null,
      maxStringLength: null,
    }),
    value instanceof Error ? `${value.stack}` : '',
    toJson(value),
  ].join('\n');
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
