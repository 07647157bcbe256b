import { policyRequest, policyTaken } from '../schemas/policy.ts';
import { LONG_MS, MIB } from './limits.ts';
import type { Operation } from './operation.ts';

/** What everything in the network has to pass. */
export const POLICY_OPERATIONS = {
  publishPolicy: {
    method: 'POST',
    path: '/v1/policies',
    tag: 'node',
    summary: 'Have a policy hold in the network, from the next entry on.',
    description:
      'Only the node that holds the key of the network’s authority does this. What was signed before and is not in the log yet is refused there, and has to be said again. The policy that holds already is not said again: nothing changes.',
    auth: 'bearer',
    arrivalMs: LONG_MS,
    body: { kind: 'json', schema: policyRequest, bytesMax: MIB },
    answerMs: LONG_MS,
    answer: { kind: 'json', status: 201, schema: policyTaken },
    errors: ['refused', 'storage'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
