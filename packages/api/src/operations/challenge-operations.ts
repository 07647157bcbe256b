import { z } from 'zod';
import {
  appealRequest,
  challenge,
  challengeRequest,
  challenges,
  judgementRequest,
  judgementSaid,
} from '../schemas/challenge.ts';
import { JSON_BYTES_MAX, LONG_MS, SOON_MS } from './limits.ts';
import type { Operation } from './operation.ts';

const id = z
  .string()
  .regex(/^[a-z0-9]{4,64}$/)
  .describe('The id of a challenge, or the end of one from four letters on.');
const common = { tag: 'ledger', auth: 'bearer', arrivalMs: SOON_MS } as const;
const answers = { kind: 'json', status: 201, schema: challenge } as const;

/** What is said against results, and who decides. */
export const CHALLENGE_OPERATIONS = {
  challenges: {
    ...common,
    method: 'GET',
    path: '/v1/challenges',
    summary: 'Results that can still be challenged, and live challenges of them.',
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: challenges },
    errors: [],
  },
  challenge: {
    ...common,
    method: 'GET',
    path: '/v1/challenges/{id}',
    summary: 'A challenge from its seal to the last word, as far as it came.',
    params: { id },
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: challenge },
    errors: ['not_found'],
  },
  openChallenge: {
    ...common,
    method: 'POST',
    path: '/v1/challenges',
    summary: 'Challenge a result with a key of this node.',
    description:
      'The answer comes once its seal, with the bond, is in the log. The node opens it when it is its turn, also when it was restarted in between.',
    body: { kind: 'json', schema: challengeRequest, bytesMax: JSON_BYTES_MAX },
    answerMs: LONG_MS,
    answer: answers,
    errors: ['refused', 'not_found', 'storage'],
  },
  appealChallenge: {
    ...common,
    method: 'POST',
    path: '/v1/challenges/{id}/appeals',
    summary: 'Have the next instance hear a challenge, with a bond of a key of this node.',
    params: { id },
    body: { kind: 'json', schema: appealRequest, bytesMax: JSON_BYTES_MAX },
    answerMs: LONG_MS,
    answer: answers,
    errors: ['refused', 'not_found', 'storage'],
  },
  judgeChallenge: {
    ...common,
    method: 'POST',
    path: '/v1/challenges/{id}/votes',
    summary: 'Say as an arbiter or a juror of this node whether a challenge holds.',
    description: 'A vote is said once and kept: it cannot be taken back.',
    params: { id },
    body: { kind: 'json', schema: judgementRequest, bytesMax: JSON_BYTES_MAX },
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 201, schema: judgementSaid },
    errors: ['refused', 'not_found', 'storage'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
