import { account, entryRequest, entryTaken, pool } from '../schemas/ledger.ts';
import { did } from '../schemas/scalars.ts';
import { JSON_BYTES_MAX, LONG_MS, SOON_MS } from './limits.ts';
import type { Operation } from './operation.ts';

/** Money, stake and pool, as the log has them. */
export const LEDGER_OPERATIONS = {
  auditLog: {
    method: 'GET',
    path: '/v1/log',
    tag: 'ledger',
    summary: 'The log up to now as an audit export: JSON Lines, from which every balance follows.',
    auth: 'bearer',
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'bytes', status: 200, mediaType: 'application/jsonl' },
    errors: ['storage'],
  },
  account: {
    method: 'GET',
    path: '/v1/accounts/{did}',
    tag: 'ledger',
    summary: 'What a key owns and owes.',
    auth: 'bearer',
    params: { did },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: account },
    errors: ['not_found'],
  },
  pool: {
    method: 'GET',
    path: '/v1/pool',
    tag: 'ledger',
    summary: 'Who can be drawn into committees.',
    auth: 'bearer',
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: pool },
    errors: [],
  },
  postEntry: {
    method: 'POST',
    path: '/v1/entries',
    tag: 'ledger',
    summary: 'Move credits or stake of a key of this node, or leave the pool.',
    description: 'It is signed by the key and judged by the law; the answer comes once the node has it from the log.',
    auth: 'bearer',
    body: { kind: 'json', schema: entryRequest, bytesMax: JSON_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: entryTaken },
    errors: ['refused', 'not_found', 'storage'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
