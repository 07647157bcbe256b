import { defineAgent } from '@canswarm/agent';

export default defineAgent({
  name: 'word-counter',
  description: 'Counts words.',
  version: '1.0.0',
  skills: [
    {
      id: 'word-count',
      description: 'Counts the words of a text.',
      tags: ['text'],
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      outputSchema: {
        type: 'object',
        properties: { words: { type: 'integer', minimum: 0 } },
        required: ['words'],
        additionalProperties: false,
      },
      price: 0.2,
      execute: async (input, { signal, progress, artifacts }) => {
        const text = String(Object(input).text);
        if (text === 'never')
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        progress(1, 1, 'counted');
        await artifacts.put('said.txt', text);
        return { words: text.split(/\s+/u).filter(Boolean).length };
      },
    },
  ],
});
