import { z } from 'zod';
import { briefRequest, postedBrief } from '../schemas/brief.ts';
import { storedBlocks, storedFile } from '../schemas/content.ts';
import { needEvents, needId, needPage, needRecord } from '../schemas/need.ts';
import { health, invitation, nodeStatus, openApi, reach, stopping } from '../schemas/node.ts';
import { needResult } from '../schemas/result.ts';
import { cid } from '../schemas/scalars.ts';
import { postedWork, workOutput, workRequest } from '../schemas/work.ts';
import { AGENT_OPERATIONS } from './agent-operations.ts';
import type { Operation } from './operation.ts';

const MIB = 1024 * 1024;
const JSON_BYTES_MAX = 65_536;
/** Input, schemas, a module and an example together. */
const WORK_BYTES_MAX = 8 * MIB;
/** How long a request without a large body may take to arrive, ms. */
const SOON_MS = 10_000;
/** How long large bodies may take, and answers that take work, ms. */
const LONG_MS = 300_000;
const FETCH_MS = 70_000;
/** Largest file and CAR that is taken in one request. */
const UPLOAD_BYTES_MAX = 64 * MIB;

const CAR_TYPE = 'application/vnd.ipld.car';
const BYTES_TYPE = 'application/octet-stream';

const needName = z
  .string()
  .min(1)
  .max(128)
  .describe('The id of a need, or its last six or more characters where they name one need alone.');

const includeSources = z
  .boolean()
  .default(false)
  .describe('Whether whole documents go into the proof, not only what is cited.');

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/)
  .optional()
  .describe(
    'Makes a request that may be sent again: for a day the same key with the same body gives the same need, however often it is sent and whoever crashed in between.',
  );

const deadlineMs = z
  .int()
  .min(1)
  .max(60_000)
  .default(10_000)
  .describe('How long peers are asked for what is not here, ms.');

/** Everything a node does when it is asked over HTTP. One entry here and one handler make an operation. */
export const OPERATIONS = {
  health: {
    method: 'GET',
    path: '/v1/health',
    tag: 'node',
    summary: 'Whether the node answers.',
    auth: 'none',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: health },
    errors: [],
  },
  openApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'node',
    summary: 'This document.',
    auth: 'none',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: openApi },
    errors: [],
  },
  status: {
    method: 'GET',
    path: '/v1/status',
    tag: 'node',
    summary: 'What the node says of itself.',
    auth: 'bearer',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: nodeStatus },
    errors: ['storage'],
  },
  reach: {
    method: 'GET',
    path: '/v1/reach',
    tag: 'node',
    summary: 'Whether the peers that it is connected with answer it.',
    auth: 'bearer',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: reach },
    errors: [],
  },
  invite: {
    method: 'POST',
    path: '/v1/invitations',
    tag: 'node',
    summary: 'Make an invitation for one more organisation.',
    auth: 'bearer',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 201, schema: invitation },
    errors: ['refused', 'storage'],
  },
  stop: {
    method: 'POST',
    path: '/v1/stop',
    tag: 'node',
    summary: 'Stop the node in order.',
    auth: 'bearer',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 202, schema: stopping },
    errors: [],
  },
  listNeeds: {
    method: 'GET',
    path: '/v1/needs',
    tag: 'needs',
    summary: 'The needs that the node knows, newest first.',
    auth: 'bearer',
    query: {
      limit: z.int().min(1).max(500).default(100).describe('Needs of one page.'),
      cursor: z
        .string()
        .regex(/^[0-9]{1,15}$/)
        .optional()
        .describe('`next` of the page before.'),
    },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: needPage },
    errors: [],
  },
  getNeed: {
    method: 'GET',
    path: '/v1/needs/{id}',
    tag: 'needs',
    summary: 'Where a need stands.',
    auth: 'bearer',
    params: { id: needName },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: needRecord },
    errors: ['not_found'],
  },
  needEvents: {
    method: 'GET',
    path: '/v1/needs/{id}/events',
    tag: 'needs',
    summary: 'The story of a need: what was, then what happens, until its last seat is paid.',
    description:
      'The id of an event is the position of its entry in the log and a number within it, so it stays the same over restarts and on every node. With Last-Event-ID the stream goes on after that event: nothing is lost and nothing comes twice. 204 says that nothing comes after it.',
    auth: 'bearer',
    params: { id: needName },
    headers: {
      'last-event-id': z
        .string()
        .regex(/^[0-9]{1,15}\.[0-9]$/)
        .optional()
        .describe('The id of the last event that was received.'),
    },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'events', status: 200, events: needEvents },
    errors: ['not_found'],
  },
  postBrief: {
    method: 'POST',
    path: '/v1/briefs',
    tag: 'needs',
    summary: 'Post a need for a cited brief over a folder of the machine of the node.',
    description: 'Its money goes into escrow; what is not spent comes back. Answered once the log has taken the need.',
    auth: 'bearer',
    headers: { 'idempotency-key': idempotencyKey },
    body: { kind: 'json', schema: briefRequest, bytesMax: JSON_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: postedBrief },
    errors: ['refused', 'idempotency_conflict', 'too_many_keys', 'busy', 'storage'],
  },
  postWork: {
    method: 'POST',
    path: '/v1/needs',
    tag: 'needs',
    summary: 'Hire an agent: post a need for work, with the way its result is to be judged.',
    description: 'Its money goes into escrow; what is not spent comes back. Answered once the log has taken the need.',
    auth: 'bearer',
    headers: { 'idempotency-key': idempotencyKey },
    body: { kind: 'json', schema: workRequest, bytesMax: WORK_BYTES_MAX },
    arrivalMs: LONG_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: postedWork },
    errors: ['refused', 'not_found', 'idempotency_conflict', 'too_many_keys', 'busy', 'storage', 'deadline'],
  },
  workOutput: {
    method: 'GET',
    path: '/v1/needs/{id}/output',
    tag: 'needs',
    summary: 'The final output of work that was hired.',
    auth: 'bearer',
    params: { id: needName },
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 200, schema: workOutput },
    errors: ['not_found', 'not_final', 'refused', 'storage', 'deadline'],
  },
  cancelNeed: {
    method: 'POST',
    path: '/v1/needs/{id}/cancel',
    tag: 'needs',
    summary: 'Take a need back while nobody works on it.',
    auth: 'bearer',
    params: { id: needName },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 202, schema: needId },
    errors: ['not_found', 'refused', 'storage'],
  },
  needResult: {
    method: 'GET',
    path: '/v1/needs/{id}/result',
    tag: 'needs',
    summary: 'The final result of a need whose last seat is paid, and which files prove it.',
    auth: 'bearer',
    params: { id: needName },
    query: { includeSources },
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 200, schema: needResult },
    errors: ['not_found', 'not_final', 'busy', 'storage', 'deadline'],
  },
  needResultFile: {
    method: 'GET',
    path: '/v1/needs/{id}/result/files/{name}',
    tag: 'needs',
    summary: 'One file of a final result or its proof.',
    auth: 'bearer',
    params: {
      id: needName,
      name: z
        .string()
        .max(1_024)
        .regex(/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/)
        .describe('As the result names it; slashes may stand as they are.'),
    },
    rest: 'name',
    query: { includeSources },
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'bytes', status: 200, mediaType: BYTES_TYPE },
    errors: ['not_found', 'not_final', 'busy', 'storage', 'deadline'],
  },
  ...AGENT_OPERATIONS,
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

export type Operations = typeof OPERATIONS;
export type OperationId = keyof Operations;
export const OPERATION_IDS = Object.keys(OPERATIONS) as readonly OperationId[];

/** An operation, whatever its form. */
export const operationOf = (id: OperationId): Operation => OPERATIONS[id];
