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
export { type ApiTable, loadTable } from './load-table.ts';
export type { OpenApiDocument } from './openapi/document.ts';
export type { Answer, Body, Fields, Operation } from './operations/operation.ts';
export type { OperationId } from './operations/operations.ts';
export type { Read } from './operations/read-fields.ts';
export type { ByteAnswer, Chunks, EventOf, Handlers, Input, Output } from './operations/typed.ts';
export type { ProblemBody } from './schemas/problem.ts';
export { isProblemCode, PROBLEMS, type ProblemCode } from './schemas/problem-codes.ts';
