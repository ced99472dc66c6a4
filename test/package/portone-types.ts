import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

const answerOf = (properties: object) => ({
  description: 'answer',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: Object.keys(properties),
        properties,
      },
    },
  },
});

/** A small part of PortOne's OpenAPI document: what the manual's example of openapi-fetch needs. */
const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'a part', version: '1' },
  paths: {
    '/payments/{paymentId}': {
      get: {
        operationId: 'getPayment',
        parameters: [
          {
            name: 'paymentId',
            in: 'path',
            required: true,
            schema: { type: 'string' },
          },
        ],
        responses: {
          200: answerOf({
            id: { type: 'string' },
            status: { type: 'string' },
          }),
          404: answerOf({ type: { type: 'string' } }),
        },
      },
    },
  },
} satisfies Record<string, unknown>;

/** The types that openapi-typescript generates from it. Users generate theirs from PortOne's own document. */
export const portoneTypes = async (): Promise<string> =>
  astToString(await openapiTS(DOCUMENT as unknown as OpenAPI3));
