import { SkillError, type SkillRunner } from '@canswarm/ports';
import type { AgentSession } from './agent-session.ts';

const PREFIX = 'agent:';

/** The engine of an attached agent, as node.json names it. */
export const attachedEngine = (name: string): string => `${PREFIX}${name}`;

/** The agent whose process has this engine's work; null: it is done here. */
export const agentOfEngine = (engine: string | null): string | null =>
  engine?.startsWith(PREFIX) === true ? engine.slice(PREFIX.length) : null;

/** Sends the work of attached agents to their processes and everything else to the node's own threads. */
export function attachedRunner(threads: SkillRunner, sessionOf: (name: string) => AgentSession | null): SkillRunner {
  return {
    async run(job, options) {
      const name = agentOfEngine(job.engine);
      if (name === null) return threads.run(job, options);
      const session = sessionOf(name);
      if (session === null) throw new SkillError('died', `no process of the agent "${name}" is attached`);
      return session.run(job, options);
    },
    close: () => threads.close(),
  };
}
