import { defineAgent } from '@canswarm/agent';

const schema = { type: 'object' } as const;
const skill = { id: 'haggle', description: 'Does nothing, for a price.', inputSchema: schema, outputSchema: schema };

/** Asks less than its rival, and stays at that. */
export default defineAgent({ name: 'fixed', skills: [{ ...skill, price: 0.4, execute: () => ({}) }] });
