import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops } from '../support/shop.js';
import { allCells, nameOf, type Cell } from './matrix/cell.js';
import { expectedOf } from './matrix/expected.js';
import { leaksOf } from './matrix/leaks.js';
import { formatted, generatedPart, replacePart } from './matrix/manual.js';
import { observe } from './matrix/observe.js';
import type { Outcome } from './matrix/outcome.js';
import { tables } from './matrix/table.js';
import { MANUALS } from './matrix/words.js';

const observed = new Map<string, Outcome>();

const outcomeOf = (cell: Cell): Outcome => {
  const outcome = observed.get(nameOf(cell));
  if (!outcome) throw new Error(`not run: ${nameOf(cell)}`);
  return outcome;
};

describe('A fault has the outcome that the rules require, and shows no secret:', () => {
  afterEach(closeShops);

  it.each(allCells().map((cell) => [nameOf(cell), cell] as const))(
    '%s',
    async (name, cell) => {
      const { outcome, stage } = await observe(cell);
      observed.set(name, outcome);
      expect(outcome).toEqual(expectedOf(cell));
      expect(await leaksOf(stage)).toEqual([]);
    },
  );

  it.each(Object.entries(MANUALS))(
    '%s shows the outcomes of this run; `npm run matrix` writes it',
    async (manual, words) => {
      const part = await formatted(tables(outcomeOf, words));
      if (process.env['MATRIX'] === 'write') await replacePart(manual, part);
      expect(await generatedPart(manual)).toBe(part);
    },
  );
});
