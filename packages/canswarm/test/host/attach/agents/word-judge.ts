import { defineAgent } from '@canswarm/agent';

export default defineAgent({
  name: 'word-judge',
  skills: [
    {
      id: 'word-count',
      description: 'Judges counts of words.',
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
      verify: () => true,
    },
  ],
});
