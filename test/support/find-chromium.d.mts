/** The program of CHROMIUM_PATH, or else a Chromium or Chrome on PATH; undefined without one. */
export function findChromium(): string | undefined;
