import { whatToTry } from '../../01-quick-start/src/what-to-try.js';
import { openApp } from './open-app.js';

const app = await openApp();
app.enableShutdownHooks();
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
const url = await app.getUrl();
console.log(`\nOpen ${url} in a browser.\n${whatToTry(url, true)}`);
