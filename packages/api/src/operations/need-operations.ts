import { z } from 'zod';
import { briefRequest, postedBrief } from '../schemas/brief.ts';
import { needEvents, needId, needPage, needRecord } from '../schemas/need.ts';
import { needOutlook, needStory } from '../schemas/need-sight.ts';
import { needResult } from '../schemas/result.ts';
import { postedWork, workOutput, workRequest } from '../schemas/work.ts';
import { JSON_BYTES_MAX, LONG_MS, MIB, SOON_MS } from './limits.ts';
import type { Operation } from './operation.ts';

const BYTES_TYPE = 'application/octet-stream';
/** Input, schemas, a module and an example together. */
const WORK_BYTES_MAX = 8 * MIB;

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

/** Work that somebody pays for. */
export const NEED_OPERATIONS = {
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
  needStory: {
    method: 'GET',
    path: '/v1/needs/{id}/story',
    tag: 'needs',
    summary: 'What happened to a need so far, and where it stands.',
    auth: 'bearer',
    params: { id: needName },
    query: {
      limit: z.int().min(1).max(500).default(500).describe('Entries of one answer.'),
      after: z
        .string()
        .regex(/^[0-9]{1,15}$/)
        .optional()
        .describe('`next` of the answer before.'),
    },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: needStory },
    errors: ['not_found'],
  },
  needOutlook: {
    method: 'GET',
    path: '/v1/needs/{id}/outlook',
    tag: 'needs',
    summary: 'What the node has heard of a need beyond the log: bids, votes, signs of life; and why it has no result.',
    auth: 'bearer',
    params: { id: needName },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: needOutlook },
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
        .max(2_048)
        .regex(/^[^/\0]+(?:\/[^/\0]+)*$/u)
        .describe('As the result names it; slashes may stand as they are.'),
    },
    rest: 'name',
    query: { includeSources },
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'bytes', status: 200, mediaType: BYTES_TYPE },
    errors: ['not_found', 'not_final', 'busy', 'storage', 'deadline'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
