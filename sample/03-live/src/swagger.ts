import type { INestApplication } from '@nestjs/common';
import {
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { documentPermissions } from 'nestjs-portone-auth/swagger';
import { ShopRoutes } from './live/shop-routes.js';

/** Serves the Swagger document at /docs. The live page shows the permissions of each route from this document, too. */
export function setUpSwagger(app: INestApplication): void {
  documentPermissions(app);
  const config = new DocumentBuilder()
    .setTitle('The shop')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'shop')
    .addSecurityRequirements('shop')
    .build();
  const document: OpenAPIObject = SwaggerModule.createDocument(app, config);
  SwaggerModule.setup('docs', app, document);
  app.get(ShopRoutes).read(document);
}
