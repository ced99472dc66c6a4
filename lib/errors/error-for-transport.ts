import { IntrinsicException, type ArgumentsHost } from '@nestjs/common';

/** The answer to a failed call: the same content on every transport. */
export interface ClientAnswer {
  readonly body: {
    readonly statusCode: number;
    readonly code: string;
    readonly message: string;
  };
  /** By name, in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * An answer for a GraphQL client. graphql-js copies `extensions` to the error in the response, and Apollo reads status and
 * headers from there. An HttpException would lose its code, and a 503 would become INTERNAL_SERVER_ERROR.
 */
class GraphqlError extends IntrinsicException {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor({ body, headers }: ClientAnswer) {
    super(body.message);
    const { statusCode, code } = body;
    this.extensions = {
      code,
      statusCode,
      http: { status: statusCode, headers },
    };
  }
}

/** The error for an RPC client: a gRPC status, or the body on every other transport. */
export function rpcError(answer: ClientAnswer, host: ArgumentsHost): object {
  const call = grpcCallOf(host);
  return call ? grpcError(answer, call) : answer.body;
}

/**
 * Sends the error to the client of a `@GrpcStreamCall` handler. Nest (12.1) handles no error there: a rejection ends the
 * process, and the client waits for ever. Returns false for every other handler.
 */
export function answerStreamCall(error: object, host: ArgumentsHost): boolean {
  const { 0: call, 1: callback } = host.getArgs<unknown[]>();
  if (!isGrpcCall(call)) return false;
  if (typeof callback === 'function') callback(error, null);
  else call.emit('error', error);
  return true;
}

/**
 * The error to throw so that an answer reaches the client of a GraphQL, RPC or WebSocket call. RPC and WebSocket servers pass
 * on only their own class of exception. Undefined when Nest answers with an HttpException itself on this transport, or when
 * the package of the transport is not found.
 */
export async function errorForTransport(
  answer: ClientAnswer,
  host: ArgumentsHost,
): Promise<Error | undefined> {
  switch (host.getType<string>()) {
    case 'graphql':
      return new GraphqlError(answer);
    case 'rpc': {
      const error = rpcError(answer, host);
      if (answerStreamCall(error, host)) return never();
      const loaded = await import('@nestjs/microservices').catch(
        () => undefined,
      );
      return loaded && new loaded.RpcException(error);
    }
    case 'ws': {
      const loaded = await import('@nestjs/websockets').catch(() => undefined);
      return loaded && new loaded.WsException(answer.body);
    }
    default:
      return undefined;
  }
}

/** The gRPC status for each HTTP status (grpc/grpc, doc/statuscodes.md). */
const GRPC_STATUS: Readonly<Record<number, number>> = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  503: 14, // UNAVAILABLE
};
const UNKNOWN = 2;

/** The part of a grpc-js server call that is used here; `metadata` is what the client sent. */
interface GrpcCall {
  readonly metadata: object;
  sendMetadata(metadata: unknown): void;
  emit(event: 'error', error: object): unknown;
}

/** A promise that never settles. The guard waits for it after the call was answered, so the handler never runs. */
const never = (): Promise<never> => new Promise(() => undefined);

const isGrpcCall = (value: unknown): value is GrpcCall =>
  typeof value === 'object' &&
  value !== null &&
  'sendMetadata' in value &&
  typeof value.sendMetadata === 'function';

/** The gRPC call, which is one of the handler's arguments; undefined on other transports. */
const grpcCallOf = (host: ArgumentsHost): GrpcCall | undefined =>
  host.getArgs<unknown[]>().find(isGrpcCall);

/** The error for grpc-js: the gRPC status, the message with our code before it, and code and headers as trailing metadata. */
function grpcError(
  { body: { statusCode, code, message }, headers }: ClientAnswer,
  call: GrpcCall,
): object {
  // Uses the Metadata class of the grpc-js that runs the server, because grpc-js rejects the class of another copy.
  const Metadata = call.metadata.constructor as new () => {
    set(name: string, value: string): void;
  };
  const metadata = new Metadata();
  metadata.set('portone-code', code);
  headers.forEach((value, name) => metadata.set(name, value));
  return {
    code: GRPC_STATUS[statusCode] ?? UNKNOWN,
    message: `${code}: ${message}`,
    metadata,
  };
}
