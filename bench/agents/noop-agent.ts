import { defineAgent } from '@canswarm/agent';

const nothing = { type: 'object', additionalProperties: false } as const;

/** An agent that does nothing, so that hiring it costs only what hiring costs. */
export default defineAgent({
  name: 'noop',
  skills: [
    {
      id: 'noop',
      description: 'Does nothing.',
      inputSchema: nothing,
      outputSchema: nothing,
      price: 0.1,
      execute: () => ({}),
    },
  ],
});
