import { words } from './language.js';

const MAX_LINES = 40;
const list = document.getElementById('timeline');
/** Screen readers read out every change of this text. */
const announcement = document.getElementById('announcement');
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

/** The colour of a line. It only repeats what the words say. */
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
  happenings = [happening, ...happenings].slice(0, MAX_LINES);
  list.prepend(item(happening));
  while (list.children.length > MAX_LINES) list.lastElementChild.remove();
  announcement.textContent = sentence(happening);
}

/** Replaces the whole list. `past` is ordered from the oldest; screen readers do not read it out. */
export function showPast(past) {
  happenings = past.toReversed();
  list.replaceChildren(...happenings.map(item));
}

/** Writes the list again in the current language. */
export function translateTimeline() {
  showPast(happenings.toReversed());
  announcement.textContent = '';
}
