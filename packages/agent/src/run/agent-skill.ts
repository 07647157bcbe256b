import type {
  EvaluateOutcome,
  ExecuteOutcome,
  JsonValue,
  ResultInput,
  Skill,
  SkillContext,
  TaskInput,
} from '@canswarm/ports';
import { readSoundTerms } from '../acceptance/sound-terms.ts';
import { type Bundle, publishBundle } from '../bundle/bundle.ts';
import { readBundle } from '../bundle/read-bundle.ts';
import { evaluateByTerms } from '../checks/evaluate.ts';
import { inspect } from '../checks/inspect.ts';
import type { JudgingTools } from '../checks/judge-by-pins.ts';
import type { Agent, AgentContext, AnySkill, Judgement } from '../definition.ts';
import { jsonFault } from '../json.ts';
import { blockFetcher } from '../reading/fetch-blocks.ts';
import { faultLine, validateBy } from '../schema/standard-schema.ts';
import { agentLog } from './agent-log.ts';
import { divide } from './divide.ts';
import { judgeOwnOutput, requireKnownChecks } from './judge-own-output.ts';
import { outputDesk } from './output-desk.ts';
import { useTally } from './use-tally.ts';

/**
 * An agent as the engine of a node: executes with its skill's function, judges with its `verify` after what the need declares has been
 * judged, looks for faults like any bystander. Runs wherever the runner keeps skills.
 */
export function agentSkill(agent: Agent, tools: JudgingTools): Skill {
  return {
    execute: async (task, context) => execute(skillOf(agent, task), task, context, tools),
    evaluate: (subject, context) => evaluate(agent, subject, context, tools),
    inspect,
    divide: async (task, division, context) => divide(skillOf(agent, task), task, division, context),
  };
}

function skillOf(agent: Agent, { skill }: TaskInput): AnySkill {
  const own = Object.hasOwn(agent.skills, skill) ? agent.skills[skill] : undefined;
  if (own !== undefined) return own;
  throw new Error(`the agent "${agent.name}" has no skill "${skill}"; it has ${Object.keys(agent.skills).join(', ')}`);
}

async function execute(
  skill: AnySkill,
  task: TaskInput,
  context: SkillContext,
  tools: JudgingTools,
): Promise<ExecuteOutcome> {
  const from = performance.now();
  if (skill.execute === undefined) throw new Error(`the skill "${skill.id}" does not execute`);
  const { content, sha256, signal } = context;
  const fetch = blockFetcher(content, signal);
  const { terms, judgeInput, judgeOutput } = await readSoundTerms(task.acceptance, skill.id, fetch);
  requireKnownChecks(terms, tools);
  const [ref] = task.inputs;
  if (ref === undefined) throw new Error('an agent is given an input');
  const input = await readBundle(ref, fetch);
  const unfit = judgeInput(input.value);
  if (unfit.length > 0) throw new Error(`the input does not fit the need's own schema: ${faultLine(unfit)}`);
  const value = await validateBy(skill.inputSchema, input.value);
  if (!value.ok) throw new Error(`the input does not fit the skill's schema: ${faultLine(value.faults)}`);
  const desk = outputDesk(input, fetch, sha256);
  const tally = useTally();
  const given = await skill.execute(value.value, {
    ...contextOf(task, input, context),
    budget: { price: task.price, timeMs: task.timeMs },
    before: await Promise.all(task.inputs.slice(1).map((made) => readBundle(made, fetch))),
    artifacts: desk.artifacts,
    cite: desk.cite,
    used: tally.used,
  });
  signal.throwIfAborted();
  const output = await outputOf(skill, given);
  // Seats judge by the schema of the need, which need not be the skill's: what they would fail is not committed.
  const faults = judgeOutput(output);
  if (faults.length > 0) throw new Error(`the output does not fit the schema of the need: ${faultLine(faults)}`);
  const made = await publishBundle(content, { value: output, ...desk.taken() }, sha256);
  const leftMs = (): number => task.timeMs - (performance.now() - from);
  const unjudged = await judgeOwnOutput({ terms, input, output: made, fetch, signal, leftMs }, tools);
  if (unjudged !== null)
    context.log({ level: 'warn', message: `seats may be unable to judge the output: ${unjudged}` });
  return { outputs: [made], trace: null, ...tally.taken() };
}

/** What `execute` gave, as JSON that fits the schema. */
async function outputOf(skill: AnySkill, given: unknown): Promise<JsonValue> {
  const fault = jsonFault(given);
  if (fault !== null) throw new Error(`the output of "${skill.id}" is no JSON: ${fault}`);
  const valid = await validateBy(skill.outputSchema, plain(given));
  if (!valid.ok) throw new Error(`the output does not fit the schema of "${skill.id}": ${faultLine(valid.faults)}`);
  const after = jsonFault(valid.value);
  if (after !== null) throw new Error(`the output of "${skill.id}" is no JSON after its schema: ${after}`);
  return plain(valid.value);
}

/** Without fields that are undefined; the value has no `jsonFault`. */
const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

async function evaluate(
  agent: Agent,
  subject: ResultInput,
  context: SkillContext,
  tools: JudgingTools,
): Promise<EvaluateOutcome> {
  const declared = await evaluateByTerms(subject, context, tools);
  const own = Object.hasOwn(agent.skills, subject.task.skill) ? agent.skills[subject.task.skill] : undefined;
  if (declared.verdict !== 'pass' || own?.verify === undefined) return declared;
  const fetch = blockFetcher(context.content, context.signal);
  const [input, output] = await Promise.all(
    [subject.task.inputs[0], subject.outputs[0]].map((ref) => {
      if (ref === undefined) throw new Error('an agent has an input and one output');
      return readBundle(ref, fetch);
    }),
  );
  if (input === undefined || output === undefined) throw new Error('an agent has an input and one output');
  const [wanted, made] = await Promise.all([
    validateBy(own.inputSchema, input.value),
    validateBy(own.outputSchema, output.value),
  ]);
  if (!wanted.ok) return cannotTell(`the input does not fit this verifier's schema: ${faultLine(wanted.faults)}`);
  if (!made.ok)
    return {
      verdict: 'fail',
      reasons: [clip(`the output does not fit this verifier's schema: ${faultLine(made.faults)}`)],
    };
  const work = { input: wanted.value, output: made.value, outputFiles: output.files, citations: output.citations };
  const [tally, from] = [useTally(), context.now()];
  const outcome = outcomeOf(await own.verify(work, { ...contextOf(subject.task, input, context), used: tally.used }));
  const { use } = tally.taken();
  return use === undefined
    ? outcome
    : { ...outcome, measured: { wallMs: Math.max(0, Math.round(context.now() - from)), use } };
}

function outcomeOf(said: boolean | Judgement): EvaluateOutcome {
  if (said === true) return { verdict: 'pass', reasons: [] };
  if (said === false) return { verdict: 'fail', reasons: ['the verifier says no'] };
  return { verdict: said.verdict, reasons: said.reasons.slice(0, REASONS_MAX).map((reason) => clip(String(reason))) };
}

const cannotTell = (reason: string): EvaluateOutcome => ({ verdict: 'undecidable', reasons: [clip(reason)] });

const REASONS_MAX = 8;
const REASON_BYTES_MAX = 256;

function clip(text: string): string {
  const whole = text.toWellFormed();
  return whole.slice(0, new TextEncoder().encodeInto(whole, new Uint8Array(REASON_BYTES_MAX)).read);
}

function contextOf(task: TaskInput, input: Bundle, { signal, progress, log }: SkillContext): AgentContext {
  const { need, attempt, goal } = task;
  return {
    need,
    attempt,
    goal,
    files: input.files,
    signal,
    progress: (done, total, note = '') => progress({ done, total, note }),
    log: agentLog(log),
  };
}
