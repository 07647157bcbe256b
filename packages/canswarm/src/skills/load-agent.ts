import { type Agent, isAgent } from '@canswarm/agent';

/** The agent that a module exports as its default. Rejects with a TypeError when it exports none, or as the module does. */
export async function loadAgent(url: string): Promise<Agent> {
  const module: { readonly default?: unknown } = await import(url);
  if (isAgent(module.default)) return module.default;
  throw new TypeError(`${url} exports no agent as its default: export default defineAgent({ ... })`);
}
