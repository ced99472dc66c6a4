import type {
  ModuleMetadata,
  Type,
  InjectionToken,
  OptionalFactoryDependency,
} from '@nestjs/common';
import type {
  AuthModuleOptions,
  AuthModuleOptionsFactory,
} from './auth-module-options.js';

/** What changes the provider list, and so cannot come from a factory. */
export interface AuthModuleExtras {
  /** Make the client's providers visible everywhere. Default false. */
  readonly isGlobal?: boolean;
  /** The client's name; without one it is the default client. */
  readonly name?: string;
}

/** Options known when the module is imported. */
export type AuthModuleSyncOptions = AuthModuleOptions & AuthModuleExtras;

/** Options from a factory, a class or an existing provider: exactly one of the three. */
export interface AuthModuleAsyncOptions
  extends AuthModuleExtras, Pick<ModuleMetadata, 'imports'> {
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  readonly useFactory?: (
    ...args: never[]
  ) => AuthModuleOptions | Promise<AuthModuleOptions>;
  readonly useClass?: Type<AuthModuleOptionsFactory>;
  readonly useExisting?: InjectionToken<AuthModuleOptionsFactory>;
}
