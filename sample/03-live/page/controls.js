import { put } from './life.js';
import { words } from './language.js';

/** A button each; where there are two actions, `which` says which of them the stage is ready for. */
const BUTTONS = [
  { actions: ['revoke'] },
  { actions: ['requests'] },
  {
    actions: ['login/down', 'login/up'],
    which: ({ isLoginDown }) => Number(isLoginDown),
  },
  {
    actions: ['login/slow', 'login/fast'],
    which: ({ isLoginSlow }) => Number(isLoginSlow),
  },
  {
    actions: ['permission/take', 'permission/give'],
    which: ({ mayUpdate }) => Number(!mayUpdate),
  },
  { actions: ['webhook/signed'] },
  { actions: ['webhook/forged'] },
  {
    actions: ['instance/start', 'instance/kill'],
    which: ({ other }) => Number(other !== undefined),
  },
];

const buttons = BUTTONS.map(({ actions, which = () => 0 }) => {
  const element = document.createElement('button');
  element.type = 'button';
  element.append(
    document.createElement('span'),
    document.createElement('small'),
  );
  element.addEventListener('click', () => press(element));
  return { actions, which, element };
});

async function press(element) {
  // Not `disabled`, which would take the keyboard's focus away.
  if (element.getAttribute('aria-disabled') === 'true') return;
  element.setAttribute('aria-disabled', 'true');
  try {
    const { ok } = await fetch(`live/${element.dataset.action}`, {
      method: 'POST',
    });
    put('failed', ok ? '' : words().failed);
  } catch {
    put('failed', words().failed);
  } finally {
    element.removeAttribute('aria-disabled');
  }
}

export function showControls(state) {
  for (const { actions, which, element } of buttons) {
    const action = actions[which(state)];
    const [name, hint] = words().buttons[action];
    element.dataset.action = action;
    const [label, small] = element.children;
    if (label.textContent !== name) label.textContent = name;
    if (small.textContent !== hint) small.textContent = hint;
  }
}

/** There from the first state on, when it is known what each of them does. */
export const placeControls = () =>
  document
    .getElementById('buttons')
    .replaceChildren(...buttons.map(({ element }) => element));
