const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
const NAMES = { d: 'day', h: 'hour', m: 'minute', s: 'second' } as const;

/** Seconds of a text such as `90`, `30m` or `1d`; undefined for anything else. A plain number is seconds. */
export function readDuration(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d{1,10})([dhms])?$/.exec(text) ?? [];
  return number === undefined
    ? undefined
    : Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** Seconds in words, in at most two units: `30 minutes`, `1 hour 5 minutes`. */
export function durationText(seconds: number): string {
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    const name = NAMES[unit as keyof typeof NAMES];
    if (count > 0) parts.push(`${count} ${name}${count > 1 ? 's' : ''}`);
  }
  return parts.slice(0, 2).join(' ') || '0 seconds';
}
