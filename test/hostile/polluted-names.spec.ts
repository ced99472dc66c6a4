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

/** Names that every object already has. Also `then`, which would make every object a promise, so that the test hangs. */
const SKIPPED = [...Object.getOwnPropertyNames(Object.prototype), 'then'];

/** Every word in the source of folders of lib. Every property that the code reads is one of them. */
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
  return [...names].filter((name) => !SKIPPED.includes(name));
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

describe.each(VALUES)(
  'While Object.prototype has a name of our code as %s',
  (_, value) => {
    afterEach(closeGuardedApps);

    it('a denied request stays denied', async () => {
      const { ask, portone } = await open();
      const poor = `Bearer ${await portone.issueAccessToken()}`;
      const statuses = async () => [
        (await ask('/callers')).status,
        (await ask('/callers', poor)).status,
        (await ask('/own')).status,
      ];
      const broken: string[] = [];
      for (const name of namesIn(
        'permission',
        'provider',
        'portone',
        'errors',
      )) {
        const seen = await polluted({ [name]: value }, statuses);
        if (!seen.every(isDenied)) broken.push(`${name}: ${seen.join()}`);
      }
      expect(broken).toEqual([]);
    }, 60_000);

    it('a call to PortOne ends, and a call after it succeeds', async () => {
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
  },
);
