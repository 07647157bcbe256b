import type { Agent } from '@canswarm/agent';
import { loadFromSnapshot } from './code-snapshot.ts';
import { loadAgent } from './load-agent.ts';
import { PROGRAM, programAgent, readProgramSpec } from './program-agent.ts';

/** Whether an engine is an agent of the owner's: the URL of a file, or a program with what it needs said. */
export const isOwnAgent = (engine: string): boolean => engine.startsWith('file:') || engine.startsWith(PROGRAM);

/** The agent of such an engine. Rejects with what is wrong with it. */
export async function ownAgent(engine: string): Promise<Agent> {
  if (engine.startsWith(PROGRAM)) return programAgent(readProgramSpec(engine));
  loadFromSnapshot(engine);
  return loadAgent(engine);
}
