import { CliError } from '../command/cli-error.js';
import { command } from '../command/command.js';
import { proxyOf } from '../network/proxy-of.js';
import { baseUrlOf, readVariables, SETTINGS } from '../command/settings.js';
import type { Terminal } from '../command/terminal.js';
import { checkAnswerAndClock } from './clock.check.js';
import { checkDns } from './dns.check.js';
import { fail, pass, type Finding } from './finding.js';
import { checkProxy } from './proxy.check.js';
import { checkRedis } from './redis.check.js';
import { checkSecret } from './secret.check.js';
import type { NetworkSetup } from './network-setup.js';
import { checkTls } from './tls.check.js';

/** The name of a check and what it found, in the order they are printed. */
type Named = readonly [name: string, finding: Finding];

export const doctor = command({
  name: 'doctor',
  summary: 'check what this machine needs to get a token',
  notes: [
    'Does not log in. A password is sent only to the Redis or the proxy that it is for. To try the secret, run whoami.',
    'Exit code: 0 nothing failed, 1 a check failed, 2 the command line is wrong.',
  ],
  options: {
    ...SETTINGS,
    'redis-url': {
      type: 'string',
      value: 'URL',
      about:
        'the Redis of RedisTokenStore (or REDIS_URL); put a URL with a password into REDIS_URL',
    },
  },
  async run(given, terminal) {
    const variables = await readVariables(given, terminal);
    const { env } = variables;
    const outcomes: string[] = [];
    const report = (name: string, finding: Finding) => {
      outcomes.push(finding.outcome);
      print(name, finding, terminal);
    };
    report('secret', checkSecret(variables));
    const address = addressOf(() => baseUrlOf(given, variables));
    report('base URL', address.finding);
    for await (const [name, finding] of networkFindings(address.baseUrl, env))
      report(name, finding);
    report('redis', await checkRedis(given['redis-url'] ?? env['REDIS_URL']));
    const count = (outcome: string) =>
      outcomes.filter((each) => each === outcome).length;
    terminal.print(
      `${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped`,
    );
    return count('fail') === 0 ? 0 : 1;
  },
});

async function* networkFindings(
  baseUrl: URL | undefined,
  env: NetworkSetup['env'],
): AsyncGenerator<Named> {
  if (!baseUrl) return;
  const setup = { baseUrl, proxy: proxyOf(baseUrl, env), env };
  yield ['dns', await checkDns(setup)];
  yield ['proxy', await checkProxy(setup)];
  yield ['tls', await checkTls(setup)];
  if (setup.proxy && !setup.proxy.url) return;
  const { answer, clock } = await checkAnswerAndClock(setup);
  yield ['answer', answer];
  yield ['clock', clock];
}

/** A wrong option ends the command; a wrong variable is a finding. */
function addressOf(read: () => URL): {
  readonly baseUrl?: URL;
  readonly finding: Finding;
} {
  try {
    const baseUrl = read();
    return { baseUrl, finding: pass(`calls go to ${baseUrl.origin}`) };
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode === 2) throw error;
    return {
      finding: fail(
        error.message.replace(/\.$/, ''),
        'unset PORTONE_API_BASE_URL to call PortOne itself',
      ),
    };
  }
}

function print(
  name: string,
  { outcome, says, cure }: Finding,
  { print, paint }: Terminal,
): void {
  const mark = {
    pass: paint('green', 'pass'),
    fail: paint('red', 'FAIL'),
    skip: paint('dim', 'skip'),
  }[outcome];
  print(`${mark}  ${name.padEnd(8)}  ${says}`);
  if (cure) print(`      ${paint('bold', 'cure'.padEnd(8))}  ${cure}`);
}
