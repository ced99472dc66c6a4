import { afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get } from '@nestjs/common';
import {
  PortOneClaims,
  PortOneHttpService,
  RequirePermission,
} from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  verifyingBy,
  type GuardedAppParts,
} from '../e2e/permission/guarded-app.js';
import { polluted } from '../support/polluted.js';

@Controller()
class Payments {
  @Get('callers')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers(@PortOneClaims() _claims: unknown) {
    return 'let in';
  }

  @Get('own')
  @RequirePermission('TX_UPDATE')
  own(@PortOneClaims() _claims: unknown) {
    return 'let in';
  }
}

/** What every object has already, and what makes every object a promise, so that the test itself would hang. */
const NOT_TRIED = [...Object.getOwnPropertyNames(Object.prototype), 'then'];

/** Each word of the source in folders of lib: whatever the code reads from an object is among them. */
function namesIn(...folders: string[]): string[] {
  const names = new Set<string>();
  for (const folder of folders) {
    const files = readdirSync(join('lib', folder), {
      recursive: true,
      encoding: 'utf8',
    }).filter((file) => file.endsWith('.ts'));
    for (const file of files) {
      const text = readFileSync(join('lib', folder, file), 'utf8')
        .replaceAll(/\/\*[^]*?\*\//g, '')
        .replaceAll(/\/\/.*/g, '');
      for (const [name] of text.matchAll(/[A-Za-z_$][\w$]*/g)) names.add(name);
    }
  }
  return [...names].filter((name) => !NOT_TRIED.includes(name));
}

const VALUES: [string, unknown][] = [
  ['a text', 'polluted'],
  ['a function', () => 'polluted'],
];

const open = (parts: GuardedAppParts = {}) =>
  openGuardedApp({
    controllers: [Payments],
    permissions: verifyingBy(),
    emulator: { permissions: [] },
    ...parts,
  });

const isDenied = (status: number) => [400, 401, 403, 503].includes(status);

describe.each(VALUES)('While some name of our code holds %s', (_, value) => {
  afterEach(closeGuardedApps);

  it('a denial stays one', async () => {
    const { ask, portone } = await open();
    const poor = `Bearer ${await portone.issueAccessToken()}`;
    const statuses = async () => [
      (await ask('/callers')).status,
      (await ask('/callers', poor)).status,
      (await ask('/own')).status,
    ];
    const broken: string[] = [];
    for (const name of namesIn('permission', 'provider', 'portone', 'errors')) {
      const seen = await polluted({ [name]: value }, statuses);
      if (!seen.every(isDenied)) broken.push(`${name}: ${seen.join()}`);
    }
    expect(broken).toEqual([]);
  }, 60_000);

  it('a call to PortOne ends, and the next one is well', async () => {
    const { app } = await open();
    const http = app.get(PortOneHttpService).axiosRef;
    const status = () =>
      http.get('/echo').then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      );
    const broken: string[] = [];
    for (const name of namesIn('http', 'call', 'token', 'portone')) {
      await polluted({ [name]: value }, status);
      const next = await status();
      if (next !== 200) broken.push(`${name}: ${next}`);
    }
    expect(broken).toEqual([]);
  }, 60_000);
});
