import type { JsonValue } from '@canswarm/ports';
import { PARTS_MAX, TASKS_MAX } from '@canswarm/protocol';
import type { SkillDefinition, Verification } from '../definition.ts';
import { jsonFault } from '../json.ts';
import { type Credits, microOf } from '../money.ts';
import { judgeBySchema } from '../schema/json-schema.ts';
import type { InputOf, JsonSchema, OutputOf, SchemaLike } from '../schema/schema-like.ts';
import { faultLine, jsonSchemaOf } from '../schema/standard-schema.ts';
import { type Duration, milliseconds } from './duration.ts';
import { HireError } from './hire-error.ts';
import { HiredWork } from './hired-work.ts';
import { toldFaults } from './told-faults.ts';
import { fileMap, verificationTerms } from './verification-terms.ts';
import type { OwnPolicy, VerificationTerms, WorkDesk, WorkPlan, WorkRequest } from './work-desk.ts';

/** Percent of a score that reputation may weigh: what is left is for price and time. */
const REPUTATION_MAX = 80;

export interface HireOptions {
  /** Credits at most for everything: the work and the seats that judge it. What is not spent comes back. */
  readonly budget: Credits;
  /** Until when a result must be committed. */
  readonly deadline?: Duration;
  /** How the result is to be judged; by default as the skill's definition says. */
  readonly verification?: Verification;
  /** Files that go with the input. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  /** What is wanted, for people. */
  readonly goal?: string;
  /**
   * Lets planners divide the work: into at most `tasks` tasks, 2 to 16, each but the last of one of the `parts`, which must take the
   * input of the whole. The escrow has the fees of a committee for each task.
   */
  readonly plan?: { readonly tasks: number; readonly parts: readonly HirePart[] };
  /** `sealed`: nobody sees a bid before all are made; not together with `plan`. Default: `open`. */
  readonly auction?: 'open' | 'sealed';
  /** Credits that the work pays at most, told when bids are opened; only in a sealed auction. By default all that the budget leaves for it. */
  readonly sealedCap?: Credits;
  /** Weight of reputation in the score of bids, percent, 0 to 80; taken from that of the price. Default: 0. */
  readonly reputation?: number;
  /** What the work has to pass besides the policy of the network, as `ownPolicy` of `canswarm` reads it from a folder. */
  readonly policy?: OwnPolicy;
  /** With the same key the same work is posted once, whatever happens. 1 to 128 visible characters of ASCII. */
  readonly idempotencyKey?: string;
}

/** Work that tasks of a plan may do: a skill, and how its results are judged, by default as the skill's definition says. */
export interface HirePart {
  readonly skill: SkillRef<SchemaLike, SchemaLike>;
  readonly verification?: Verification;
}

/** A skill to hire: its definition, of which types follow, or the id under which somebody offers it. */
export type SkillRef<In extends SchemaLike, Out extends SchemaLike> = SkillDefinition<In, Out> | string;

/**
 * Hires an agent: posts the work with its money in escrow and gives a handle to it. Rejects with a HireError before anything is spent
 * if the input does not fit the skill or the verification cannot be pinned.
 */
export async function hireOn<In extends SchemaLike, Out extends SchemaLike>(
  desk: WorkDesk,
  skill: SkillRef<In, Out>,
  input: InputOf<In>,
  options: HireOptions,
): Promise<HiredWork<OutputOf<Out>>> {
  const wanted = await wantedSkill(desk, skill, options);
  const fault = jsonFault(input);
  if (fault !== null)
    throw new HireError('invalid_input', `the input is no JSON: ${fault}`, 'Give plain values; bytes go into files.');
  const value = JSON.parse(JSON.stringify(input)) as JsonValue;
  requireFit(wanted.inputSchema, value, wanted.id);
  const request = {
    skill: wanted.id,
    input: value,
    files: fileMap(options.files ?? {}),
    goal: options.goal ?? null,
    budget: microOf(options.budget),
    deadlineMs: options.deadline === undefined ? null : milliseconds(options.deadline),
    inputSchema: wanted.inputSchema,
    outputSchema: wanted.outputSchema,
    verification: wanted.verification,
    plan: options.plan === undefined ? null : await wantedPlan(desk, options.plan, value),
    ...marketTerms(options),
    policy: options.policy ?? null,
  };
  return new HiredWork<OutputOf<Out>>(desk, await desk.post(request, options.idempotencyKey ?? null));
}

/** How bids are made and chosen. */
function marketTerms({
  auction = 'open',
  sealedCap,
  reputation = 0,
  plan,
}: HireOptions): Pick<WorkRequest, 'auction' | 'sealedCap' | 'reputationBps'> {
  if (!Number.isInteger(reputation) || reputation < 0 || reputation > REPUTATION_MAX) {
    const hint = `Give 0 to ${REPUTATION_MAX}: the rest of 100 is for price and time.`;
    throw new HireError('invalid_terms', `reputation cannot weigh ${reputation} percent`, hint);
  }
  if (auction === 'sealed' && plan !== undefined)
    throw new HireError('invalid_terms', 'work that planners may divide has no sealed auction', 'Leave one out.');
  if (sealedCap !== undefined && auction !== 'sealed')
    throw new HireError('invalid_terms', 'only in a sealed auction a cap can be sealed', 'Ask for auction: "sealed".');
  return { auction, sealedCap: sealedCap === undefined ? null : microOf(sealedCap), reputationBps: 100 * reputation };
}

/** Everything of a part is pinned with the need; its tasks are given the need's own input. */
async function wantedPlan(
  desk: WorkDesk,
  { tasks, parts }: NonNullable<HireOptions['plan']>,
  input: JsonValue,
): Promise<WorkPlan> {
  if (!Number.isInteger(tasks) || tasks < 2 || tasks > TASKS_MAX || parts.length < 1 || parts.length > PARTS_MAX) {
    const hint = `Let it have 2 to ${TASKS_MAX} tasks, of 1 to ${PARTS_MAX} parts.`;
    throw new HireError('invalid_terms', `a plan of ${tasks} tasks of ${parts.length} parts cannot be`, hint);
  }
  const wanted = await Promise.all(parts.map(({ skill, ...own }) => wantedSkill(desk, skill, own)));
  for (const { id, inputSchema } of wanted) requireFit(inputSchema, input, id);
  return { tasks, parts: wanted.map(({ id, ...terms }) => ({ skill: id, ...terms })) };
}

interface Wanted {
  readonly id: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly verification: VerificationTerms;
}

async function wantedSkill<In extends SchemaLike, Out extends SchemaLike>(
  desk: WorkDesk,
  skill: SkillRef<In, Out>,
  { verification }: Pick<HireOptions, 'verification'>,
): Promise<Wanted> {
  if (typeof skill !== 'string') {
    const terms = await verificationTerms(verification ?? skill.verification);
    const [inputSchema, outputSchema] = [wire(skill, 'input'), wire(skill, 'output')];
    return { id: skill.id, inputSchema, outputSchema, verification: terms };
  }
  const offer = await desk.find(skill);
  if (offer === null) {
    const hint =
      'See who offers what: canswarm agents. Or hire by its definition, which says what goes in and comes out.';
    throw new HireError('unknown_skill', `nobody in reach offers the skill "${skill}"`, hint);
  }
  const terms = verification === undefined ? offer.verification : await verificationTerms(verification);
  return { id: skill, inputSchema: offer.inputSchema, outputSchema: offer.outputSchema, verification: terms };
}

function wire(skill: SkillDefinition<SchemaLike, SchemaLike>, side: 'input' | 'output'): JsonSchema {
  const read = jsonSchemaOf(side === 'input' ? skill.inputSchema : skill.outputSchema, side);
  if (read.ok) return read.schema;
  throw new HireError(
    'invalid_terms',
    `the ${side} schema of "${skill.id}" ${read.reason}`,
    'Mend the definition of the skill.',
  );
}

function requireFit(schema: JsonSchema, value: JsonValue, skill: string): void {
  const judged = judgeBySchema(schema);
  if (!judged.ok)
    throw new HireError(
      'invalid_terms',
      `the input schema of "${skill}" is unfit: ${faultLine([judged.fault])}`,
      'It is the offer’s fault.',
    );
  const faults = judged.judge(value);
  if (faults.length > 0)
    throw new HireError('invalid_input', `the input does not fit "${skill}": ${toldFaults(faults)}`, hintOf(schema));
}

const FIELDS_TOLD = 24;

function hintOf({ properties }: JsonSchema): string {
  const fields = Object.keys(Object(properties)).slice(0, FIELDS_TOLD);
  return `Nothing was posted.${fields.length === 0 ? '' : ` Its fields: ${fields.join(', ')}.`}`;
}
