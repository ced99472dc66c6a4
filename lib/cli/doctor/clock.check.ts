import { failedConnection } from '../../portone/failed-connection.js';
import { durationText } from '../command/duration.js';
import { call } from '../network/call.js';
import { fail, pass, skip, type Finding } from './finding.js';
import { CHECK_MS, limit, type NetworkSetup } from './network-setup.js';

/** A synchronised clock is off by far less. The check of callers' tokens tolerates 5 s, that of webhooks 5 min. */
const MAX_OFFSET_S = 30;

/** Whether the API answers, and how far its clock is from the clock of this machine. */
export async function checkAnswerAndClock(
  { baseUrl, proxy }: NetworkSetup,
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
      // Without a credential PortOne answers 401 or 404. Any status proves that the API can be reached.
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
        'check the base URL, and cure the failures above first',
      ),
      clock: skip('without an answer the clocks cannot be compared'),
    };
  }
}

/** The header `Date` is rounded down to whole seconds, so half a second is added. */
function clockFinding(date: unknown, now: number): Finding {
  const theirs = typeof date === 'string' ? Date.parse(date) + 500 : NaN;
  if (Number.isNaN(theirs)) return skip('the answer has no Date');
  const aheadS = Math.round((now - theirs) / 1000);
  const far = durationText(Math.abs(aheadS));
  if (Math.abs(aheadS) <= MAX_OFFSET_S)
    return pass(
      `the clock of this machine is at most ${MAX_OFFSET_S} seconds off`,
    );
  return fail(
    `the clock of this machine is ${far} ${aheadS > 0 ? 'ahead of' : 'behind'} the API's`,
    "synchronise it (NTP): webhooks and callers' tokens are checked against it",
  );
}
