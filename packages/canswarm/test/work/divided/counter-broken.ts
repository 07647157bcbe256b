import { defineAgent } from '@canswarm/agent';
import { sumHalf } from './skills.ts';

/** Takes a task and fails at it. */
export default defineAgent({
  name: 'counter-broken',
  skills: [
    {
      ...sumHalf(null),
      price: 0.2,
      execute: () => {
        throw new Error('it cannot count');
      },
    },
  ],
});
