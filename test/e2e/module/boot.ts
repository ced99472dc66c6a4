import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { AuthModuleOptions } from '../../../lib/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';

type Import = DynamicModule | (new () => object);

const open: { close(): Promise<unknown> }[] = [];

/** Ends whatever was opened here; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const part of open.splice(0).reverse()) await part.close();
}

/** An emulator, and the options that reach it. */
export async function openPortOne(apiSecret?: string) {
  const portone = await PortOneEmulator.start({
    ...(apiSecret && { apiSecret }),
  });
  open.push({ close: () => portone.stop() });
  const options = (): AuthModuleOptions => ({
    apiSecret: portone.apiSecret,
    baseURL: portone.url,
  });
  return { portone, options };
}

/** An app of these modules, started and quiet. */
export async function boot(...imports: Import[]): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports }).compile();
  module.useLogger(false);
  open.push(module);
  return module.init();
}

/** Why it does not start; undefined when it does. */
export const refusal = (...imports: Import[]): Promise<unknown> =>
  boot(...imports).then(
    () => undefined,
    (error: unknown) => error,
  );
