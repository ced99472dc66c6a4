import { fleet } from './fleet.mjs';
import { storm } from './storm.mjs';
import { tokenLife } from './token-life.mjs';

/** Every picture of the manual, by the name of its file. */
export const pictures = () => ({
  'token-life.svg': tokenLife('en'),
  'token-life.ko.svg': tokenLife('ko'),
  'storm.svg': storm('en'),
  'storm.ko.svg': storm('ko'),
  'fleet.svg': fleet('en'),
  'fleet.ko.svg': fleet('ko'),
});
