import { defineAgent } from '@canswarm/agent';

export default defineAgent({
  name: 'word-planner',
  skills: [
    {
      id: 'word-count',
      description: 'Plans counts of words.',
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
      plan: { share: 0.05 },
    },
  ],
});
