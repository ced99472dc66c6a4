import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { AuthModuleOptions } from '../../../lib/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';

type Import = DynamicModule | (new () => object);

const open: { close(): Promise<unknown> }[] = [];

/** Closes everything that was opened here; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const part of open.splice(0).reverse()) await part.close();
}

/** An emulator, and options for a client of it. */
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

/** A booted app with these modules, without a log. */
export async function boot(...imports: Import[]): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports }).compile();
  module.useLogger(false);
  open.push(module);
  return module.init();
}

/** The error that stops the boot; undefined when the app boots. */
export const bootError = (...imports: Import[]): Promise<unknown> =>
  boot(...imports).then(
    () => undefined,
    (error: unknown) => error,
  );
