/** The colours of a picture, for a light page and for a dark one: `[light, dark]`. */
const COLOURS = {
  card: ['#fcfcfa', '#15191f'],
  edge: ['#dcdcd4', '#343b44'],
  ink: ['#1d2329', '#e8edf2'],
  muted: ['#59636e', '#9eabb8'],
  rule: ['#c9ced4', '#46505b'],
  token: ['#2c6aa8', '#7db4ec'],
  'token-soft': ['#dbe8f5', '#1d3a57'],
  next: ['#2a7a56', '#72c99a'],
  'next-soft': ['#d8eee2', '#1b4231'],
  wait: ['#98640f', '#e3b15c'],
  'wait-soft': ['#f6e7c8', '#4a3717'],
  bad: ['#b93a2b', '#ff9384'],
};

/** `class="f-ink"` fills, `class="s-ink"` draws a line. No CSS variable: not every viewer of SVG knows them. */
const colourRules = (shade) =>
  Object.entries(COLOURS)
    .map(
      ([name, shades]) =>
        `.f-${name}{fill:${shades[shade]}}.s-${name}{stroke:${shades[shade]};fill:none}`,
    )
    .join('');

// npm and GitHub show a picture through <img>: it brings its own ground, so that it is readable on any page.
const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI","Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR",sans-serif;font-size:13px}',
  '.h{font-size:18px;font-weight:600}.b{font-weight:600}.n{font-variant-numeric:tabular-nums}.s{font-size:12px}',
  '.mid{text-anchor:middle}.end{text-anchor:end}',
  colourRules(0),
  `@media (prefers-color-scheme:dark){${colourRules(1)}}`,
].join('');

const escaped = (text) =>
  String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');

const attributes = (given) =>
  Object.entries(given)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');

export const text = (x, y, classes, words) =>
  `<text${attributes({ x, y, class: classes })}>${escaped(words)}</text>`;

export const box = (x, y, width, height, classes, rest = {}) =>
  `<rect${attributes({ x, y, width, height, class: classes, ...rest })}/>`;

export const line = (x1, y1, x2, y2, classes, rest = {}) =>
  `<line${attributes({ x1, y1, x2, y2, class: classes, ...rest })}/>`;

export const dot = (cx, cy, r, classes) =>
  `<circle${attributes({ cx, cy, r, class: classes })}/>`;

/** A line with a head at its second end, pointing up, down or to the right. */
export function arrow(x1, y1, x2, y2, colour, rest = {}) {
  const size = 5;
  const along = x1 === x2 ? Math.sign(y2 - y1) : 0;
  const head = along
    ? `M${x2 - size} ${y2 - along * size}L${x2} ${y2}L${x2 + size} ${y2 - along * size}`
    : `M${x2 - size} ${y2 - size}L${x2} ${y2}L${x2 - size} ${y2 + size}`;
  return (
    line(x1, y1, x2, y2, `s-${colour}`, { 'stroke-width': 1.6, ...rest }) +
    `<path${attributes({ d: head, class: `s-${colour}`, 'stroke-width': 1.6 })}/>`
  );
}

/** What is left to say, below the picture, a line each. */
export const foot = (y, lines) =>
  lines.map((words, index) => text(28, y + index * 18, 's f-muted', words));

/** A whole picture on a card. `title` and `description` are what a screen reader says. */
export const picture = ({ lang, width, height, title, description, parts }) =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes({
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    lang,
    'aria-labelledby': 'title description',
  })}>
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>${STYLE}</style>
${box(0.5, 0.5, width - 1, height - 1, 'f-card', { rx: 10 })}
${box(0.5, 0.5, width - 1, height - 1, 's-edge', { rx: 10 })}
${text(28, 40, 'h f-ink', title)}
${parts.flat(Infinity).join('\n')}
</svg>
`;
