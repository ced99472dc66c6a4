import { pathToFileURL } from 'node:url';
import { Fleet } from '../../sample/02-fleet/src/demo/fleet.js';
import type { InstanceLaunch } from '../../sample/02-fleet/src/demo/instance-process.js';

const typescript = pathToFileURL('test/support/fleet-typescript.mjs').href;

/** Starts processes of sample/02-fleet as its demo does, but from TypeScript, without a build. */
export const startProcesses = (
  size: number,
  launch: InstanceLaunch,
): Promise<Fleet> =>
  Fleet.start(size, { ...launch, execArgv: ['--import', typescript] });
