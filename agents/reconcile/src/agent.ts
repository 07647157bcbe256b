import { defineAgent } from '@canswarm/agent';
import { example } from './example.ts';
import { execute } from './join/execute.ts';
import type { ReconcileInput } from './join/options.ts';
import { inputSchema, outputSchema } from './schemas.ts';

export const agent = defineAgent({
  name: 'reconcile',
  description: 'Reconciles two CSV tables by key, to the last digit.',
  version: '0.1.0',
  skills: [
    {
      id: 'reconcile',
      name: 'Reconcile two tables',
      description:
        'Matches the records of two CSV tables by key columns and says what differs, what only one of them has, which keys are repeated, and exact totals that close.',
      tags: ['csv', 'table', 'data', 'audit'],
      inputSchema,
      outputSchema,
      price: 0.3,
      // The input was judged by the schema before.
      execute: (input, context) => execute(input as ReconcileInput, context),
      verification: { checks: ['reconcile/1'], example },
    },
  ],
});
