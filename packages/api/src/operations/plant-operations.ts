import { z } from 'zod';
import { plant, plantRequest, plants } from '../schemas/plant.ts';
import { JSON_BYTES_MAX, LONG_MS, SOON_MS } from './limits.ts';
import type { Operation } from './operation.ts';

const common = { tag: 'ledger', auth: 'bearer', arrivalMs: SOON_MS } as const;

/** Results that are wrong on purpose. */
export const PLANT_OPERATIONS = {
  plants: {
    ...common,
    method: 'GET',
    path: '/v1/plants',
    summary: 'What this node has planted, and which seats passed it.',
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: plants },
    errors: [],
  },
  plant: {
    ...common,
    method: 'GET',
    path: '/v1/plants/{number}',
    summary: 'A plant, as far as it came.',
    params: {
      number: z
        .string()
        .regex(/^[1-9][0-9]{0,8}$/)
        .describe('Its number.'),
    },
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: plant },
    errors: ['not_found'],
  },
  postPlant: {
    ...common,
    method: 'POST',
    path: '/v1/plants',
    summary: 'Have a result that is wrong judged, to find seats that pass it.',
    description:
      'A need like one that was done before is posted by a fresh key of this node, and another delivers its result with one record made wrong. The answer comes once that is made; the rest follows by itself, also when the node was restarted in between.',
    body: { kind: 'json', schema: plantRequest, bytesMax: JSON_BYTES_MAX },
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: plant },
    errors: ['refused', 'not_found', 'storage'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
