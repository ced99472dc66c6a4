import type { ExecutionContext } from '@nestjs/common';
import { GraphqlDenial } from './graphql-denial.js';
import type { PermissionDeniedException } from './permission-denied.exception.js';
import { sendHeadersWith } from './send-headers-with.js';

/**
 * What to throw so that a denial reaches the client of this call with its code. RPC and WebSocket servers let nothing
 * through but instances of their own exception; where such a call arrives, its package is there to be imported.
 */
export async function denialForTransport(
  denied: PermissionDeniedException,
  context: ExecutionContext,
): Promise<Error> {
  switch (context.getType<string>()) {
    case 'http':
      sendHeadersWith(
        denied.getStatus(),
        denied.headers,
        context.switchToHttp().getResponse(),
      );
      return denied;
    case 'graphql':
      return new GraphqlDenial(denied);
    case 'rpc': {
      const { RpcException } = await import('@nestjs/microservices');
      return new RpcException(denied.getResponse());
    }
    case 'ws': {
      const { WsException } = await import('@nestjs/websockets');
      return new WsException(denied.getResponse());
    }
    default:
      return denied;
  }
}
