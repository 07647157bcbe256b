import { defineAgent } from '@canswarm/agent';
import { SUM } from './skills.ts';
import type { PartSum } from './sums.ts';

/** Adds up what the tasks before its own made. */
export default defineAgent({
  name: 'joiner',
  skills: [
    {
      ...SUM,
      price: 0.1,
      joins: true,
      execute: (_input, { before }) => {
        const sums = before.map(({ value }) => value as unknown as PartSum);
        return {
          rows: sums.reduce((all, { rows }) => all + rows, 0),
          sum: sums.reduce((all, { sum }) => all + sum, 0),
        };
      },
    },
  ],
});
