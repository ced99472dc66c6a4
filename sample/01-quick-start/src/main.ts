import { NestFactory } from '@nestjs/core';
import { portOrExit } from '../../shared/port.js';
import { AppModule } from './app.module.js';
import { emulatorIfAsked } from './emulator.js';
import { whatToTry } from './what-to-try.js';

const port = await portOrExit();
const emulator = await emulatorIfAsked(process.env);
// The signature of a webhook covers the bytes of its body, so `rawBody` keeps them.
const app = await NestFactory.create(AppModule, { rawBody: true });
app.enableShutdownHooks();
await app.listen(port, '127.0.0.1');
console.log(whatToTry(await app.getUrl(), emulator !== undefined));
