import { defineAgent } from '@canswarm/agent';
import { SUM } from './skills.ts';

/** Divides a column into two halves, which are summed at the same time, and has their sums joined. What is done already it builds on. */
export default defineAgent({
  name: 'divider',
  skills: [
    {
      ...SUM,
      plan: {
        share: 0.1,
        divide(_input, { parts, done, tasksMax, budget }) {
          if (parts.length < 2) return null;
          const left = [0, 1].filter((part) => !done.some((one) => one.part === part));
          if (tasksMax < left.length + 1 || budget < 550_000) return null;
          const halves = left.map((part) => ({ task: `half-${part}`, part, goal: `half ${part}`, price: 0.2 }));
          return [...halves, { task: 'main', after: ['half-0', 'half-1'], price: 0.1 }];
        },
      },
    },
  ],
});
