import { defineAgent } from '@canswarm/agent';
import { execute } from './clean/execute.ts';
import type { CleanInput } from './clean/options.ts';
import { example } from './example.ts';
import { inputSchema, outputSchema } from './schemas.ts';

export const agent = defineAgent({
  name: 'table-clean',
  description: 'Cleans CSV tables and logs every change, so that anybody can make each of them again.',
  version: '0.1.0',
  skills: [
    {
      id: 'table-clean',
      name: 'Clean a table',
      description:
        'Cleans a CSV table: header names, white space, markers for nothing, dates, numbers, empty and repeated rows. Gives the table and a log of every change.',
      tags: ['csv', 'table', 'data'],
      inputSchema,
      outputSchema,
      price: 0.2,
      // The input was judged by the schema before.
      execute: (input, context) => execute(input as CleanInput, context),
      verification: { checks: ['table-clean/1'], example },
    },
  ],
});
