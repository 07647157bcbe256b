import { defineAgent } from '@canswarm/agent';

const any = { type: 'object' } as const;
const numbered = {
  type: 'object',
  properties: { n: { type: 'integer' } },
  required: ['n'],
  additionalProperties: false,
} as const;
const BUSY_MS = 30_000;

const circular = (): Record<string, unknown> => {
  const value: Record<string, unknown> = { n: 1 };
  value['self'] = value;
  return value;
};

const about = { description: 'Misbehaves.', inputSchema: any, outputSchema: numbered, price: 0.2 } as const;

const strict = {
  verification: { module: { file: new URL('./strict-check.ts', import.meta.url), mode: 'check' } },
} as const;

/** An agent each of whose skills goes wrong in another way. */
export default defineAgent({
  name: 'misbehaving',
  skills: [
    {
      ...about,
      id: 'throws',
      execute: () => {
        throw new Error('the cat sat on the keyboard');
      },
    },
    { ...about, id: 'wrong-shape', execute: () => ({ n: 'one' }) },
    { ...about, id: 'circular', execute: circular },
    { ...about, id: 'huge', execute: () => ({ n: 'x'.repeat(100 * 1024 * 1024) }) },
    { ...about, ...strict, id: 'breaks-check', execute: () => ({ n: 3 }) },
    { ...about, id: 'exits', execute: () => process.exit(1) },
    {
      ...about,
      id: 'busy',
      execute: () => {
        for (const until = Date.now() + BUSY_MS; Date.now() < until; );
        return { n: 1 };
      },
    },
    { ...about, id: 'hangs', execute: () => new Promise<never>(() => undefined) },
  ],
});
