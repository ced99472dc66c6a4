import { en } from './words.en.js';
import { ko } from './words.ko.js';

const LANGUAGES = { en, ko };
const STORAGE_KEY = 'language';

const remembered = localStorage.getItem(STORAGE_KEY);
let chosen = remembered ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');
if (!(chosen in LANGUAGES)) chosen = 'en';

const next = () => (chosen === 'ko' ? 'en' : 'ko');

/** The words of the language that is shown now. */
export const words = () => LANGUAGES[chosen];

/** Writes every fixed text of the page. */
export function translate() {
  document.documentElement.lang = chosen;
  document.title = words().title;
  for (const element of document.querySelectorAll('[data-word]'))
    element.textContent = words()[element.dataset.word];
  const button = document.getElementById('language');
  button.textContent = LANGUAGES[next()].name;
  button.lang = next();
}

/** Calls `changed` after a change of the language. */
export function onLanguageChange(changed) {
  document.getElementById('language').addEventListener('click', () => {
    chosen = next();
    localStorage.setItem(STORAGE_KEY, chosen);
    translate();
    changed();
  });
}
