import { put } from './life.js';
import { words } from './language.js';

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Counters, permissions, routes, and the other instance. */
export function showFacts({
  token,
  calls,
  permissions,
  routes,
  other,
  isShared,
}) {
  put('count-tokens', String(calls.tokens));
  put('count-api', String(calls.api));
  put('count-refused', String(token.refused));
  put('count-healed', String(token.healed));
  put('count-waiting', String(token.waiting));

  document
    .getElementById('permissions')
    .replaceChildren(...permissions.map((name) => element('li', name)));
  document
    .getElementById('routes')
    .replaceChildren(...routes.map((route) => row(route)));

  const state = other?.state ?? 'none';
  document.getElementById('other-word').parentElement.dataset.state = state;
  put('other-word', words().states[state][0]);
  put(
    'other-note',
    other?.expiresInMs === undefined
      ? ''
      : words().otherNote(words().seconds(other.expiresInMs)),
  );
  put('shared-note', isShared ? words().shared : words().alone);
}

function row({ route, needs, missing }) {
  const line = document.createElement('tr');
  const asked = element('td', route);
  const codes = element('div', '');
  codes.append(...needs.map((name) => element('code', name)));
  asked.append(codes);
  line.append(
    asked,
    missing.length > 0
      ? element('td', `✕ ${words().lacks}`, 'bad')
      : element('td', `✓ ${words().has}`, 'good'),
  );
  return line;
}
