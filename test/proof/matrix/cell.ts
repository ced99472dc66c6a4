import { ALL_FAULTS, isTokenFault, type NamedFault } from './faults.js';

/** Which call goes wrong. */
export type Endpoint = 'login' | 'refresh' | 'api';

/** The token that the instance holds at that moment. */
export type Holding = 'none' | 'usable' | 'expired';

/** `alone`: one instance. `fleet`: two instances that share a store. */
export type Company = 'alone' | 'fleet';

/** One case of the matrix. */
export interface Cell {
  readonly endpoint: Endpoint;
  readonly holding: Holding;
  readonly company: Company;
  readonly fault: NamedFault;
}

export const ENDPOINTS: readonly Endpoint[] = ['login', 'refresh', 'api'];
export const HOLDINGS: readonly Holding[] = ['none', 'usable', 'expired'];
export const COMPANIES: readonly Company[] = ['alone', 'fleet'];

/** All cases. */
export const allCells = (): Cell[] =>
  ENDPOINTS.flatMap((endpoint) =>
    HOLDINGS.flatMap((holding) =>
      COMPANIES.flatMap((company) =>
        ALL_FAULTS.filter(
          ({ fault }) => endpoint !== 'api' || !isTokenFault(fault),
        ).map((fault) => ({ endpoint, holding, company, fault })),
      ),
    ),
  );

const HOLDING_NAMES = {
  none: 'no token',
  usable: 'a usable token',
  expired: 'an expired token',
};

/** The name of the case. */
export const nameOf = ({ endpoint, holding, company, fault }: Cell): string =>
  `${endpoint}, ${HOLDING_NAMES[holding]}, ${company}: ${fault.name}`;
