import { defineAgent } from '@canswarm/agent';

const schema = { type: 'object' } as const;
const skill = { id: 'haggle', description: 'Does nothing, for a price.', inputSchema: schema, outputSchema: schema };

/** Asks more than its rival, and goes down when it is outbid. */
export default defineAgent({
  name: 'haggler',
  skills: [{ ...skill, price: 0.5, floor: 0.2, execute: () => ({}) }],
});
