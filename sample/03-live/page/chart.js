import { put } from './life.js';
import { words } from './language.js';

const SVG = 'http://www.w3.org/2000/svg';
const WINDOW_MS = 60_000;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;

const chart = document.getElementById('chart');
let samples = [];
let renewals = [];

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Rounds up to 20, 50, 100, 200, 500 … */
function roundUp(ms) {
  for (let round = 10; ; round *= 10)
    for (const step of [2, 5, 10]) if (step * round >= ms) return step * round;
}

export function addSamples(added) {
  samples.push(...added);
}

export function addRenewal(at) {
  renewals.push(at);
}

export function forget() {
  samples = [];
  renewals = [];
}

export function drawChart(now) {
  const since = now - WINDOW_MS;
  samples = samples.filter(({ at }) => at >= since);
  renewals = renewals.filter((at) => at >= since);
  const width = chart.clientWidth;
  const height = chart.clientHeight;
  if (width === 0) return;
  const top = roundUp(Math.max(...samples.map(({ ms }) => ms), 0));
  const x = (at) => LEFT + ((at - since) / WINDOW_MS) * (width - LEFT - 6);
  const y = (ms) => TOP + (1 - ms / top) * (height - BOTTOM - TOP);
  chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
  chart.replaceChildren(
    ...[0, top / 2, top].flatMap((ms) => [
      element('line', {
        class: 'rule',
        x1: LEFT,
        x2: width,
        y1: y(ms),
        y2: y(ms),
      }),
      element('text', { x: LEFT - 6, y: y(ms) + 4, 'text-anchor': 'end' }, ms),
    ]),
    element('text', { x: LEFT, y: height - 3 }, '−60 s'),
    element('text', { x: width, y: height - 3, 'text-anchor': 'end' }, 'ms'),
    ...renewals.map((at) =>
      element('line', {
        class: 'renewal',
        x1: x(at),
        x2: x(at),
        y1: TOP,
        y2: height - BOTTOM,
      }),
    ),
    ...samples.map(({ at, ms, status }) =>
      status === 200
        ? element('circle', { class: 'ok', cx: x(at), cy: y(ms), r: 2.5 })
        : element('rect', {
            class: 'bad',
            x: x(at) - 3,
            y: y(ms) - 3,
            width: 6,
            height: 6,
          }),
    ),
  );
  const sorted = samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
  put(
    'chart-summary',
    words().chart({
      count: samples.length,
      failed: samples.filter(({ status }) => status !== 200).length,
      median: sorted[Math.floor(sorted.length / 2)] ?? 0,
      slowest: sorted.at(-1) ?? 0,
      renewals: renewals.length,
    }),
  );
}
