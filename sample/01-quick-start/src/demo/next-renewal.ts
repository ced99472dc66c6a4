import type { TokenEvent, TokenService } from 'nestjs-portone-auth';
import { filter, firstValueFrom, timeout } from 'rxjs';

const LONGEST_MS = 10_000;

/** The next successful renewal. Rejects after 10 s. */
export const nextRenewal = ({ events$ }: TokenService): Promise<TokenEvent> =>
  firstValueFrom(
    events$.pipe(
      filter(({ type }) => type === 'renewed'),
      timeout(LONGEST_MS),
    ),
  );
