/** The table of operations, and what follows from it. */
export { openApiDocument } from './openapi/document.ts';
export { checkAnswer } from './operations/check-answer.ts';
export { camel, errorsOf } from './operations/operation.ts';
export { OPERATION_IDS, operationOf } from './operations/operations.ts';
export { readFields, readJson } from './operations/read-fields.ts';
