import {
  COMPANIES,
  HOLDINGS,
  type Cell,
  type Endpoint,
  type Holding,
} from './cell.js';
import { ALL_FAULTS, isTokenFault, type NamedFault } from './faults.js';
import type { Outcome } from './outcome.js';
import type { Words } from './words.js';

/** The observed outcome of a case. It must be the same alone and in a fleet; otherwise the table cannot be written. */
export type Observed = (cell: Cell) => Outcome;

/** Situations that have the same outcome. */
interface Column {
  readonly of: readonly (readonly [Endpoint, Holding])[];
  /** Shows only the result of the caller, because another column shows the next attempt. */
  readonly isBrief?: boolean;
}

const TOKEN_COLUMNS: readonly Column[] = [
  {
    of: [
      ['login', 'usable'],
      ['refresh', 'usable'],
    ],
    isBrief: true,
  },
  {
    of: [
      ['login', 'none'],
      ['login', 'expired'],
    ],
  },
  { of: [['refresh', 'expired']] },
];
const API_COLUMNS: readonly Column[] = [
  { of: HOLDINGS.map((holding) => ['api', holding]) },
];

/** Two tables in markdown: token calls and API calls. Faults with the same outcomes share a row. */
export function tables(observed: Observed, words: Words): string {
  const apiFaults = ALL_FAULTS.filter(({ fault }) => !isTokenFault(fault));
  return [
    table(ALL_FAULTS, TOKEN_COLUMNS, words.tokenHeads, observed, words),
    table(apiFaults, API_COLUMNS, words.apiHeads, observed, words),
  ].join('\n\n');
}

function table(
  faults: readonly NamedFault[],
  columns: readonly Column[],
  heads: readonly string[],
  observed: Observed,
  words: Words,
): string {
  const rows = new Map<string, string[]>();
  for (const fault of faults) {
    const cells = columns.map((column) =>
      cellOf(fault, column, observed, words),
    );
    const key = cells.join(' | ');
    rows.set(key, [
      ...(rows.get(key) ?? []),
      words.faults[fault.name] ?? fault.name,
    ]);
  }
  return [
    heads.join(' | '),
    heads.map(() => '---').join(' | '),
    ...[...rows].map(([cells, names]) => `${names.join(', ')} | ${cells}`),
  ]
    .map((line) => `| ${line} |`)
    .join('\n');
}

function cellOf(
  fault: NamedFault,
  { of, isBrief = false }: Column,
  observed: Observed,
  words: Words,
): string {
  const texts = of.flatMap(([endpoint, holding]) =>
    COMPANIES.map((company) => {
      const outcome = observed({ endpoint, holding, company, fault });
      return isBrief ? words.caller(outcome) : words.outcome(outcome);
    }),
  );
  const [text = '', ...others] = new Set(texts);
  if (others.length > 0)
    throw new Error(`${fault.name}: ${text}, or ${others.join(', or ')}`);
  return text;
}
