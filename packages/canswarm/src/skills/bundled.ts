import { type Agent, agentSkill, jsonSchemaOf, type SkillOffer, verificationTerms } from '@canswarm/agent';
import { agent as htmlExtract } from '@canswarm/html-extract';
import { agent as licenceAudit } from '@canswarm/licence-audit';
import type { ExecuteOutcome, SkillContext, TaskInput } from '@canswarm/ports';
import { agent as reconcile } from '@canswarm/reconcile';
import { agent as tableClean } from '@canswarm/table-clean';
import { judgingTools } from './judging-tools.ts';

/** Agents that come with this software: any worker of a local network does what they do. */
const BUNDLED = [htmlExtract, licenceAudit, reconcile, tableClean] as readonly Agent[];

export const BUNDLED_SKILLS: readonly string[] = BUNDLED.flatMap(({ skills }) => Object.keys(skills));

const agentWith = (skill: string): Agent | undefined => BUNDLED.find(({ skills }) => Object.hasOwn(skills, skill));

/** Does the work of a bundled agent. Rejects when none has the skill. */
export async function executeBundled(task: TaskInput, context: SkillContext): Promise<ExecuteOutcome> {
  const agent = agentWith(task.skill);
  const execute = agent === undefined ? undefined : agentSkill(agent, judgingTools()).execute;
  if (execute === undefined) throw new Error(`no agent here has the skill ${JSON.stringify(task.skill)}`);
  return execute(task, context);
}

/** What goes in and out of a bundled skill, and how it is judged; null when there is none of that id. */
export async function bundledOffer(id: string): Promise<SkillOffer | null> {
  const skill = agentWith(id)?.skills[id];
  if (skill === undefined) return null;
  const [input, output] = [jsonSchemaOf(skill.inputSchema, 'input'), jsonSchemaOf(skill.outputSchema, 'output')];
  if (!input.ok || !output.ok) throw new Error('a defined agent has schemas');
  const verification = await verificationTerms(skill.verification);
  const { description } = skill;
  return { skill: id, description, inputSchema: input.schema, outputSchema: output.schema, verification };
}
