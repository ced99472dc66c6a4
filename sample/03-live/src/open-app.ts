import { fileURLToPath } from 'node:url';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { setUpSwagger } from './swagger.js';

/** The page is served from the source folder, also when this file runs from sample/dist, because the page is not built. */
const PAGE = new URL(
  '../page/',
  import.meta.url.replace('/sample/dist/', '/sample/'),
);

/** The page may load only its own files and the stream of this server. Scripts and styles inside the HTML are blocked. */
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

/** Creates the app with the shop and the live page, ready to listen. */
export async function openApp(
  options: Pick<NestApplicationOptions, 'logger' | 'abortOnError'> = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    ...options,
    // The signature of a webhook covers the bytes that were sent.
    rawBody: true,
    // A browser keeps the event stream of an open page, and close() would wait for it.
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
