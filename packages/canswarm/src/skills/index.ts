/**
 * The module of skills that nodes of this software run: what workers, seats and bystanders do. Worker threads import this file by its
 * URL.
 *
 * Engines: `check` judges the result of any need by what its acceptance declares, and looks for faults in it. A file's URL is an
 * agent of the owner's, `program:...` a program of the owner's. Everything else is an engine of the brief (`paragraph`, `sentence`,
 * `exec:...`, and plants that cheat), which does what the bundled agents do besides.
 */
import { AGENT_CHECKER, type Agent, agentSkill, evaluateByTerms, inspect } from '@canswarm/agent';
import { SKILL as BRIEF, CHECKER as BRIEF_CHECKER, skill as briefSkill } from '@canswarm/brief';
import type { EvaluateOutcome, ResultInput, Skill, SkillContext, SkillModule } from '@canswarm/ports';
import { BLOCK_BYTES_MAX, parseAcceptance } from '@canswarm/protocol';
import { executeBundled } from './bundled.ts';
import { judgingTools } from './judging-tools.ts';
import { isOwnAgent, ownAgent } from './own-agent.ts';

/** The engine of seats and bystanders. */
export const CHECK_ENGINE = 'check';
const BLOCK_MS = 10_000;

const briefCheck = briefSkill(CHECK_ENGINE);

/** Judges by whichever way of judging the acceptance names; one that is unknown here is no fault of the worker. */
async function evaluate(subject: ResultInput, context: SkillContext): Promise<EvaluateOutcome> {
  const limits = { deadlineMs: BLOCK_MS, maxBytes: BLOCK_BYTES_MAX };
  const parsed = parseAcceptance(await context.content.get(subject.task.acceptance, limits));
  if (!parsed.ok) return cannotTell(`the acceptance is none: ${parsed.code}`);
  switch (parsed.acceptance.checker) {
    case AGENT_CHECKER:
      return evaluateByTerms(subject, context, judgingTools());
    case BRIEF_CHECKER:
      return briefCheck.evaluate?.(subject, context) ?? cannotTell('the brief has no check');
    default:
      return cannotTell('this seat does not know the way of judging that the need names');
  }
}

const cannotTell = (reason: string): EvaluateOutcome => ({ verdict: 'undecidable', reasons: [reason] });

const check: Skill = { evaluate, inspect };

const agents = new Map<string, Promise<Agent>>();

/** Each version of an agent is loaded once a thread. */
function agentOf(engine: string): Promise<Agent> {
  const known = agents.get(engine) ?? ownAgent(engine);
  agents.set(engine, known);
  return known;
}

export const skill: SkillModule['skill'] = async (engine) => {
  if (engine === CHECK_ENGINE) return check;
  if (isOwnAgent(engine)) return agentSkill(await agentOf(engine), judgingTools());
  const { execute } = briefSkill(engine);
  if (execute === undefined) return briefSkill(engine);
  return {
    execute: (task, context) => (task.skill === BRIEF ? execute(task, context) : executeBundled(task, context)),
  };
};
