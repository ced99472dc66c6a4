import { failedConnection } from '../../portone/failed-connection.js';
import { durationText } from '../duration.js';
import { call } from '../network/call.js';
import { fail, pass, skip, type Finding } from './finding.js';
import { CHECK_MS, limit, type Surroundings } from './surroundings.js';

/** Callers' tokens are judged with 5 s to spare, webhooks with 5 min; a synchronised clock is far below this. */
const MOST_S = 30;

/** Whether the API answers, and how far its clock is from the clock of this machine. */
export async function checkAnswerAndClock(
  { baseUrl, proxy }: Surroundings,
  now: () => number = Date.now,
): Promise<{ readonly answer: Finding; readonly clock: Finding }> {
  const signal = limit();
  const before = now();
  try {
    const { status, headers } = await call(
      { method: 'GET', url: baseUrl, proxy: proxy?.url },
      signal,
    );
    const middle = (before + now()) / 2;
    return {
      // Without a credential PortOne answers 401 or 404: any answer proves that the API can be reached.
      answer: pass(`${baseUrl.host} answers over HTTP (status ${status})`),
      clock: clockFinding(headers['date'], middle),
    };
  } catch (error) {
    const { code = 'no HTTP' } = failedConnection(error);
    return {
      answer: fail(
        signal.aborted
          ? `${baseUrl.host} gives no answer within ${CHECK_MS / 1000} s`
          : `${baseUrl.host} gives no answer (${code})`,
        'check the base URL, and what failed above',
      ),
      clock: skip('without an answer there is no clock to compare with'),
    };
  }
}

/** `Date` is cut to whole seconds, so half a second is added. */
function clockFinding(date: unknown, now: number): Finding {
  const theirs = typeof date === 'string' ? Date.parse(date) + 500 : NaN;
  if (Number.isNaN(theirs)) return skip('the answer has no Date');
  const aheadS = Math.round((now - theirs) / 1000);
  const far = durationText(Math.abs(aheadS));
  if (Math.abs(aheadS) <= MOST_S)
    return pass(`the clock of this machine is right to ${MOST_S} seconds`);
  return fail(
    `the clock of this machine is ${far} ${aheadS > 0 ? 'ahead of' : 'behind'} the API's`,
    "synchronise it (NTP): webhooks and callers' tokens are judged by it",
  );
}
