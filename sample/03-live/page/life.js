import { words } from './language.js';

const life = document.getElementById('life');
const bar = document.getElementById('bar');
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

let token;
let lifeMs = 0;
let receivedAt = 0;
let nextDrawAt = 0;

const put = (id, text) => {
  const element = document.getElementById(id);
  if (element.textContent !== text) element.textContent = text;
};

/** What is left now of a duration in the last message; never negative. */
const left = (ms) => Math.max(0, ms - (performance.now() - receivedAt));

const shown = (ms) =>
  ms === undefined
    ? words().none
    : left(ms) > 0
      ? words().seconds(left(ms))
      : words().now;

export function showLife(state) {
  token = state.token;
  lifeMs = state.lifeMs ?? 0;
  receivedAt = performance.now();
  nextDrawAt = 0;
  life.dataset.state = token.state;
}

function draw() {
  const [word, note] = words().states[token.state];
  put('state-word', word);
  put('state-note', note);
  put(
    'renews-label',
    token.consecutiveFailures > 0 ? words().retries : words().renews,
  );
  put('renews', shown(token.renewsInMs));
  put('expires', shown(token.expiresInMs));
  const share = (ms) =>
    lifeMs > 0 ? Math.min(100, 100 * (1 - left(ms) / lifeMs)) : 100;
  const spent = share(token.expiresInMs ?? 0);
  const due =
    token.renewsInMs === undefined || token.expiresInMs === undefined
      ? 100
      : Math.min(
          100,
          100 * (1 - (token.expiresInMs - token.renewsInMs) / lifeMs),
        );
  bar.style.setProperty('--spent', `${spent}%`);
  bar.style.setProperty('--due', `${due}%`);
  bar.setAttribute('aria-valuenow', String(Math.round(spent)));
  bar.setAttribute(
    'aria-valuetext',
    `${word}. ${words().expires} ${shown(token.expiresInMs)}`,
  );
}

/** Moves the bar with every frame, or once a second for a user who prefers reduced motion. */
export function runLife() {
  const frame = () => {
    if (token && performance.now() >= nextDrawAt) {
      draw();
      if (reducedMotion.matches) nextDrawAt = performance.now() + 1_000;
    }
    requestAnimationFrame(frame);
  };
  frame();
}

export { put };
