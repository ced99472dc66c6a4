import { fileURLToPath } from 'node:url';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { setUpSwagger } from './swagger.js';

/** Beside the sources, also when this runs from sample/dist: the page is served as it is, without a build. */
const PAGE = new URL(
  '../page/',
  import.meta.url.replace('/sample/dist/', '/sample/'),
);

/** Only the page's own files, and the stream of this server. No script and no style inside the HTML. */
const PAGE_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'Cache-Control': 'no-cache',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The shop, its live page and everything behind them, ready to listen. */
export async function openApp(
  options: Pick<NestApplicationOptions, 'logger' | 'abortOnError'> = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    ...options,
    // The signature of a webhook covers the bytes that were sent.
    rawBody: true,
    // A browser with the page open holds its event stream for ever, and close() would wait for it.
    forceCloseConnections: true,
  });
  app.useStaticAssets(fileURLToPath(PAGE), {
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(PAGE_HEADERS))
        response.setHeader(name, value);
    },
  });
  setUpSwagger(app);
  return app;
}
