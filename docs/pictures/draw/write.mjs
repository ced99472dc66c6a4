import { writeFileSync } from 'node:fs';
import { pictures } from './pictures.mjs';

for (const [name, svg] of Object.entries(pictures()))
  writeFileSync(new URL(`../${name}`, import.meta.url), svg);
