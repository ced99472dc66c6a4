import type { TokenEvent, TokenService } from 'nestjs-portone-auth';
import { filter, firstValueFrom, timeout } from 'rxjs';

const MAX_WAIT_MS = 10_000;

/** Waits for the next successful renewal. Rejects after 10 s. */
export const nextRenewal = ({ events$ }: TokenService): Promise<TokenEvent> =>
  firstValueFrom(
    events$.pipe(
      filter(({ type }) => type === 'renewed'),
      timeout(MAX_WAIT_MS),
    ),
  );
