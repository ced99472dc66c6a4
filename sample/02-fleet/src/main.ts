import { NestFactory } from '@nestjs/core';
import { portOrExit } from '../../shared/port.js';
import { AppModule } from './app.module.js';

const port = await portOrExit();
const app = await NestFactory.create(AppModule);
// A process that ends by a signal gives back the lock of a renewal in flight. After a kill -9 the lock ends by its time.
app.enableShutdownHooks();
await app.listen(port, '127.0.0.1');
