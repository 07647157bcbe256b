import { defineAgent } from '@canswarm/agent';

/** Counts words, but waits for ever when it is asked to: its process is killed meanwhile. */
export default defineAgent({
  name: 'word-counter',
  description: 'Counts words.',
  skills: [
    {
      id: 'word-count',
      description: 'Counts the words of a text.',
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      outputSchema: { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] },
      price: 0.2,
      execute: async (input, { signal }) => {
        const text = String(Object(input).text);
        if (text.startsWith('wait'))
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        return { words: text.split(/\s+/u).filter(Boolean).length };
      },
      verification: { example: { input: { text: 'to be' }, output: { words: 2 } } },
    },
  ],
});
