import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { defineAgent } from '@canswarm/agent';

/** Waits until there is a file. */
async function fileAt(path: string, signal: AbortSignal): Promise<void> {
  const came = Promise.withResolvers<void>();
  const watcher = watch(dirname(path), () => existsSync(path) && came.resolve());
  signal.addEventListener('abort', () => came.reject(signal.reason));
  if (existsSync(path)) came.resolve();
  await came.promise.finally(() => watcher.close());
}

/**
 * Counts words; once there is a file `until`, when one is named, or never, when the text says so: its process is killed meanwhile.
 */
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
      execute: async (input, { signal, progress }) => {
        const { text: given, until } = Object(input);
        const text = String(given);
        progress(1, 2, 'counting');
        if (typeof until === 'string') await fileAt(until, signal);
        if (text.startsWith('wait'))
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        return { words: text.split(/\s+/u).filter(Boolean).length };
      },
      verification: { example: { input: { text: 'to be' }, output: { words: 2 } } },
    },
  ],
});
