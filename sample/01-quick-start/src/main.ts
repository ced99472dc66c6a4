import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { emulatorIfAsked } from './emulator.js';
import { whatToTry } from './what-to-try.js';

const emulator = await emulatorIfAsked(process.env);
const app = await NestFactory.create(AppModule);
app.enableShutdownHooks();
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(whatToTry(await app.getUrl(), emulator !== undefined));
