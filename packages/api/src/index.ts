/**
 * The HTTP API of a node: its operations as a table, and what follows from it.
 *
 *     const client = new ApiClient(socketTransport(join(folder, 'control.sock')));
 *     for await (const event of client.needEvents({ id })) console.log(event.id, event.type);
 */
export { ApiError, type ApiErrorCode } from './client/api-error.ts';
export { bytesOf } from './client/bytes-of.ts';
export type { ByteStream, CallOptions } from './client/caller.ts';
export { ApiClient } from './client/generated.ts';
export type * from './client/generated-types.ts';
export {
  type ClientTransport,
  type HttpTransportOptions,
  httpTransport,
  type RequestBody,
  socketTransport,
  type TransportAnswer,
  type TransportRequest,
} from './client/transport.ts';
export { type OpenApiDocument, openApiDocument } from './openapi/document.ts';
export { checkAnswer } from './operations/check-answer.ts';
export { type Answer, type Body, camel, errorsOf, type Fields, type Operation } from './operations/operation.ts';
export { OPERATION_IDS, OPERATIONS, type OperationId, operationOf } from './operations/operations.ts';
export { type Read, readFields, readJson } from './operations/read-fields.ts';
export type { ByteAnswer, Chunks, EventOf, Handlers, Input, Output } from './operations/typed.ts';
export { isProblemCode, PROBLEMS, type ProblemBody, type ProblemCode } from './schemas/problem.ts';
