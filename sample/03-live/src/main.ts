import { whatToTry } from '../../01-quick-start/src/what-to-try.js';
import { portOrExit } from '../../shared/port.js';
import { openApp } from './open-app.js';

const port = await portOrExit();
const app = await openApp();
app.enableShutdownHooks();
await app.listen(port, '127.0.0.1');
const url = await app.getUrl();
console.log(`\nOpen ${url} in a browser.\n${whatToTry(url, true)}`);
