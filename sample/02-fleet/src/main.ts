import { NestFactory } from '@nestjs/core';
import { portOrExit } from '../../shared/port.js';
import { AppModule } from './app.module.js';

const port = await portOrExit();
const app = await NestFactory.create(AppModule);
// On a signal, a process in a renewal releases its lock in Redis. After a kill -9 the lock expires.
app.enableShutdownHooks();
await app.listen(port, '127.0.0.1');
