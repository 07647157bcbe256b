import { z } from 'zod';
import { storedBlocks, storedFile } from '../schemas/content.ts';
import { cid } from '../schemas/scalars.ts';
import { LONG_MS, MIB, SOON_MS } from './limits.ts';
import type { Operation } from './operation.ts';

const FETCH_MS = 70_000;
/** Largest file and CAR that is taken in one request. */
const UPLOAD_BYTES_MAX = 64 * MIB;

const CAR_TYPE = 'application/vnd.ipld.car';
const BYTES_TYPE = 'application/octet-stream';

const deadlineMs = z
  .int()
  .min(1)
  .max(60_000)
  .default(10_000)
  .describe('How long peers are asked for what is not here, ms.');

/** Files and blocks by CID. */
export const CONTENT_OPERATIONS = {
  putFile: {
    method: 'PUT',
    path: '/v1/files',
    tag: 'content',
    summary: 'Store a file.',
    description: 'The same bytes always give the same CID, and are stored once.',
    auth: 'bearer',
    body: { kind: 'bytes', mediaType: BYTES_TYPE, bytesMax: UPLOAD_BYTES_MAX },
    arrivalMs: LONG_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: storedFile },
    errors: ['busy', 'storage'],
  },
  getFile: {
    method: 'GET',
    path: '/v1/files/{cid}',
    tag: 'content',
    summary: 'The bytes of a file, from the store of the node or from peers.',
    description: 'A connection that ends before all bytes came means that the rest was not to be had.',
    auth: 'bearer',
    params: { cid },
    query: {
      size: z
        .int()
        .min(0)
        .max(4 * 1024 * MIB)
        .describe('Bytes of the file: with the CID it names it.'),
      deadlineMs,
    },
    arrivalMs: SOON_MS,
    answerMs: FETCH_MS,
    answer: { kind: 'bytes', status: 200, mediaType: BYTES_TYPE },
    errors: ['not_found', 'refused', 'storage', 'deadline'],
  },
  getBlock: {
    method: 'GET',
    path: '/v1/blocks/{cid}',
    tag: 'content',
    summary: 'The bytes of a block, from the store of the node or from peers.',
    auth: 'bearer',
    params: { cid },
    query: { deadlineMs },
    arrivalMs: SOON_MS,
    answerMs: FETCH_MS,
    answer: { kind: 'bytes', status: 200, mediaType: BYTES_TYPE },
    errors: ['not_found', 'storage', 'deadline'],
  },
  putBlocks: {
    method: 'POST',
    path: '/v1/blocks',
    tag: 'content',
    summary: 'Store the blocks of a CAR file.',
    description:
      'Version 1, each block once, ascending by the text of its CID; every block is hashed, and all are stored or none.',
    auth: 'bearer',
    body: { kind: 'bytes', mediaType: CAR_TYPE, bytesMax: UPLOAD_BYTES_MAX },
    arrivalMs: LONG_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: storedBlocks },
    errors: ['busy', 'storage'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
