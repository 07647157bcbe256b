import { existsSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defineAgent } from '@canswarm/agent';

const inputSchema = { type: 'object', properties: { until: { type: 'string' } }, required: ['until'] } as const;
const outputSchema = { type: 'object', properties: { done: { type: 'boolean' } }, required: ['done'] } as const;

/** Says how far it is, and is done once there is a file at the path `until`. */
export default defineAgent({
  name: 'patient',
  skills: [
    {
      id: 'wait-for-file',
      description: 'Waits for a file.',
      inputSchema,
      outputSchema,
      price: 0.1,
      async execute(input, { progress, signal, artifacts }) {
        const until = String(Object(input).until);
        progress(1, 2, 'waiting');
        await new Promise<void>((resolve, reject) => {
          const watcher = watch(dirname(until), (_, name) => name === basename(until) && resolve());
          signal.addEventListener('abort', () => reject(signal.reason));
          signal.addEventListener('abort', () => watcher.close());
          if (existsSync(until)) resolve();
        });
        await artifacts.put('note.txt', 'it came');
        return { done: true };
      },
    },
  ],
});
