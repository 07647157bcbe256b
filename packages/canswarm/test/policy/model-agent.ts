import { defineAgent } from '@canswarm/agent';

const inputSchema = {
  type: 'object',
  properties: { model: { type: 'string' }, tokens: { type: 'integer' } },
  required: ['model', 'tokens'],
} as const;
const outputSchema = { type: 'object', properties: { done: { type: 'boolean' } }, required: ['done'] } as const;

/** Says that its work used the model and the tokens that it is told. */
export default defineAgent({
  name: 'modeller',
  skills: [
    {
      id: 'use-a-model',
      description: 'Uses a model.',
      inputSchema,
      outputSchema,
      price: 0.1,
      execute(input, { used }) {
        const { model, tokens } = input as { readonly model: string; readonly tokens: number };
        used({ model });
        used({ tokens });
        return { done: true };
      },
    },
  ],
});
