import type { DividedTask, DivideOutcome, Division, SkillContext, TaskInput } from '@canswarm/ports';
import { MAIN_TASK } from '@canswarm/protocol';
import { readBundle } from '../bundle/read-bundle.ts';
import type { AnySkill, PlanTask } from '../definition.ts';
import { microOf } from '../money.ts';
import { blockFetcher } from '../reading/fetch-blocks.ts';
import { faultLine, validateBy } from '../schema/standard-schema.ts';
import { agentLog } from './agent-log.ts';

/** Has an agent's planner divide a need. A plan that the law would refuse is the node's to notice. */
export async function divide(
  skill: AnySkill,
  task: TaskInput,
  { parts, tasksMax, done, budget }: Division,
  { content, signal, log }: SkillContext,
): Promise<DivideOutcome> {
  if (skill.plan?.divide === undefined) throw new Error(`the skill "${skill.id}" does not divide work`);
  const [ref] = task.inputs;
  if (ref === undefined) throw new Error('a planner is given an input');
  const input = await readBundle(ref, blockFetcher(content, signal));
  const value = await validateBy(skill.inputSchema, input.value);
  if (!value.ok) throw new Error(`the input does not fit the skill's schema: ${faultLine(value.faults)}`);
  const tasks = await skill.plan.divide(value.value, {
    need: task.need,
    goal: task.goal,
    files: input.files,
    parts: parts.map((part) => ({ skill: part.skill })),
    tasksMax,
    done,
    budget,
    timeMs: task.timeMs,
    signal,
    log: agentLog(log),
  });
  return { tasks: tasks === null ? null : tasks.map(dividedTask) };
}

const dividedTask = ({ task, part, goal, after = [], price }: PlanTask): DividedTask => ({
  task,
  part: part ?? null,
  goal: task === MAIN_TASK ? null : (goal ?? null),
  after,
  price: microOf(price),
});
