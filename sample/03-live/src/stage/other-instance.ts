import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthModule,
  TokenService,
  type AuthModuleOptions,
  type TokenEvent,
  type TokenSnapshot,
} from 'nestjs-portone-auth';

/** A second app with the same API secret, like another process of a fleet. */
export class OtherInstance {
  private constructor(private readonly app: INestApplicationContext) {}

  /** Calls `onEvent` with every event of its token, from the first one on. */
  static async start(
    options: AuthModuleOptions,
    onEvent: (event: TokenEvent) => void,
  ): Promise<OtherInstance> {
    class OtherInstanceModule {}
    const module = {
      module: OtherInstanceModule,
      imports: [AuthModule.forRoot(options)],
      providers: [
        {
          provide: Symbol('the listener'),
          inject: [TokenService],
          useFactory: ({ events$ }: TokenService) => events$.subscribe(onEvent),
        },
      ],
    };
    return new OtherInstance(
      await NestFactory.createApplicationContext(module, { logger: false }),
    );
  }

  get snapshot(): TokenSnapshot {
    return this.app.get(TokenService).snapshot();
  }

  kill(): Promise<void> {
    return this.app.close();
  }
}
