import { put } from './life.js';
import { words } from './language.js';

/** One entry for each button. With two actions, `which` gives the index of the one that the button does in this state. */
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
  // `disabled` would take the keyboard focus away from the button.
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

/** Called with the first state: only then it is known what each button does. */
export const placeControls = () =>
  document
    .getElementById('buttons')
    .replaceChildren(...buttons.map(({ element }) => element));
