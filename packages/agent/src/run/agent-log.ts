import type { SkillContext } from '@canswarm/ports';
import type { AgentLog } from '../definition.ts';

/** The log of a job as an agent's functions are given it. */
export const agentLog = (log: SkillContext['log']): AgentLog => ({
  debug: (message) => log({ level: 'debug', message }),
  info: (message) => log({ level: 'info', message }),
  warn: (message) => log({ level: 'warn', message }),
  error: (message) => log({ level: 'error', message }),
});
