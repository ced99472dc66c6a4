/** The path of the browser: CHROMIUM_PATH, or else a Chromium or Chrome on PATH; undefined when there is none. */
export function findChromium(): string | undefined;
