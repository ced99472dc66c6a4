import { words } from './language.js';

const KEPT = 40;
const list = document.getElementById('timeline');
const said = document.getElementById('said');
let happenings = [];

const WAIT = [
  'revoked',
  'invalidated',
  'renewals-paused',
  'login-down',
  'login-slow',
  'permission-taken',
  'webhook',
];
const BAD = ['renewal-failed', 'credentials-rejected', 'permission-denied'];
const GOOD = ['acquired', 'renewed', 'adopted', 'login-up', 'login-fast'];

/** Colour beside the words, never instead of them. */
function tone({ type, outcome, ok, count, status }) {
  if (BAD.includes(type) || outcome === 'unhealed' || ok < count) return 'bad';
  if (
    GOOD.includes(type) ||
    outcome === 'healed' ||
    type === 'requests' ||
    status < 300
  )
    return 'good';
  return WAIT.includes(type) ? 'wait' : 'plain';
}

const sentence = (happening) =>
  (happening.instance === 'second' ? words().second : '') +
  words().happenings[happening.type](happening);

function item(happening) {
  const line = document.createElement('li');
  line.className = tone(happening);
  line.dataset.type = happening.type;
  const time = document.createElement('time');
  const at = new Date(happening.at);
  time.dateTime = at.toISOString();
  time.textContent = at.toTimeString().slice(0, 8);
  const text = document.createElement('span');
  text.textContent = sentence(happening);
  line.append(time, text);
  return line;
}

export function addHappening(happening) {
  happenings = [happening, ...happenings].slice(0, KEPT);
  list.prepend(item(happening));
  while (list.children.length > KEPT) list.lastElementChild.remove();
  said.textContent = sentence(happening);
}

/** Replaces all of them, oldest first; nothing is said aloud. */
export function showPast(past) {
  happenings = past.toReversed();
  list.replaceChildren(...happenings.map(item));
}

/** In the language that was chosen now. */
export function retellTimeline() {
  showPast(happenings.toReversed());
  said.textContent = '';
}
