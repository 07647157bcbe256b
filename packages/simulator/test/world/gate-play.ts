import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Need } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import type { AppliedEntry, NeedDraft, PolicyDeniedError } from '@canswarm/node';
import type { Skill, SkillContext, SkillModule, TaskInput } from '@canswarm/ports';
import type { Genesis, WorkUse } from '@canswarm/protocol';
import { buildPolicy, type Explanation, explain, initPolicy, openPolicy } from 'canswarm';
import { expect } from 'vitest';
import { quoteCast } from '../../src/workload/quote-cast.ts';
import { quoteNeed } from '../../src/workload/quote-need.ts';
import { publishQuoteTask, quoteSkill } from '../../src/workload/quote-skill.ts';
import { createWorld, type World } from '../../src/world/world.ts';

const crypto = sodiumCrypto();

const NO_USE: WorkUse = { tokens: 0, models: [], tools: [], egress: [] };
/** What the work of a task uses: these tests write it into the goal. */
const usedBy = ({ goal }: TaskInput): WorkUse => ({ ...NO_USE, ...(JSON.parse(goal ?? '{}') as Partial<WorkUse>) });

function quoting(tell: (use: WorkUse) => WorkUse): Skill {
  const honest = quoteSkill.skill('honest') as Skill;
  const execute = async (task: TaskInput, context: SkillContext) => {
    const done = await honest.execute?.(task, context);
    if (done === undefined) throw new Error('it executes');
    return { ...done, use: tell(usedBy(task)) };
  };
  return {
    execute,
    async evaluate(subject, context) {
      const found = await honest.evaluate?.(subject, context);
      if (found === undefined) throw new Error('it evaluates');
      return { ...found, measured: { wallMs: 0, use: usedBy(subject.task) } };
    },
  };
}

const ENGINES: Readonly<Record<string, Skill>> = {
  honest: quoting((use) => use),
  silent: quoting(() => NO_USE),
  'says-100': quoting((use) => ({ ...use, tokens: 100 })),
};
const module: SkillModule = { skill: (engine) => ENGINES[engine] ?? quoteSkill.skill(engine) };

/** Builds the base policy with other parameters: each change has what stands there and what is to. */
export async function builtPolicy(folder: string, changes: readonly (readonly [string, string])[]) {
  initPolicy(folder);
  const file = join(folder, 'parameters.json');
  const own = changes.reduce(
    (text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    },
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, own);
  writeFileSync(join(folder, 'cases.json'), '{"cases":[]}\n');
  await buildPolicy(folder, {});
  return openPolicy(folder);
}

/** What there is of policies, and how the task goes. */
export interface Play {
  /** The network's. */
  readonly policy?: NonNullable<Genesis['policy']>;
  /** The need's own, put where everybody finds it. */
  readonly ofNeed?: (content: World['content']) => Promise<Pick<NeedDraft, 'policy'>>;
  /** Whether the requester's node was changed to post without asking that. */
  readonly isUnasked?: boolean;
  /** Class of the need. */
  readonly kind?: string;
  /** Engine of the seats. */
  readonly evaluate?: string;
  /** Done once the first worker has the task. */
  readonly onLease?: (world: World, need: Need) => Promise<void>;
}

/** The need, once its first attempt has begun. */
async function leased({ network, clock }: World): Promise<Need> {
  const { node } = network.person('requester');
  const found = (): Need | undefined => [...node.state.needs.values()].find(({ lease }) => lease?.attempt === 1);
  await clock.runUntil(() => found() !== undefined, { untilMs: clock.now() + 60_000 });
  return found() ?? expect.fail('nobody has the task');
}

/** Has workers do one task, the cheapest first, and plays on until the need is settled. */
export async function played(
  use: Partial<WorkUse>,
  engines: readonly string[],
  { policy, ofNeed = async () => ({}), isUnasked = false, kind = 'agent', evaluate = 'honest', onLease }: Play,
) {
  const workers = engines.map((engine, at) => ({ engine, priceBps: 5_000 + at * 1_000 }));
  const cast = quoteCast({ workers, evaluate, inspect: 'none' });
  const world = createWorld({
    seed: `gate/${engines.join()}/${JSON.stringify(use)}`,
    cast,
    module,
    hosts: 3,
    ...(policy === undefined ? {} : { policy }),
  });
  const { network, clock, content } = world;
  const { node, did } = network.person('requester');
  const applied: AppliedEntry[] = [];
  node.listen({ onApplied: (entry) => void applied.push(entry) });
  const denied: PolicyDeniedError[] = [];
  world.observe(() => ({ onDenied: (error) => void denied.push(error) }));
  const owns = (name: string): number => network.person(name).node.balance(`free/${network.person(name).did}`);
  network.start();
  const before = engines.map((_, at) => owns(`worker-${at + 1}`));
  const task = await publishQuoteTask('What stands here stands here.', content, crypto.sha256);
  const draft = quoteNeed(task, { goal: JSON.stringify(use), class: kind, ...(await ofNeed(content)) });
  const refused: unknown[] = [];
  const posted: Promise<unknown> = isUnasked
    ? node.command(did, { verb: 'NEED', body: { ...draft, mark: new Uint8Array(32) } })
    : node.postNeed(did, draft);
  posted.catch((error: unknown) => refused.push(error));
  if (onLease !== undefined) await onLease(world, await leased(world));
  const isSettled = (): boolean => applied.some(({ events }) => events.some(({ type }) => type === 'need_settled'));
  await clock.runUntil(() => isSettled() || refused.length > 0, { untilMs: clock.now() + 300_000 });
  const entries = [...node.entries()].map(({ cursor: _, bytes }, at) => ({ position: at + 1, bytes }));
  const explained = (position: number): Explanation => {
    const found = explain(network.genesis, entries, position, { crypto });
    if (!found.ok) return expect.fail(found.code);
    return found.explanation;
  };
  const verdicts = applied.flatMap(({ events, position }) =>
    events.flatMap((event) => (event.type === 'certified' ? [{ verdict: event.verdict, position }] : [])),
  );
  const gained = engines.map((_, at) => owns(`worker-${at + 1}`) - (before[at] ?? 0));
  await network.stop();
  const verbs = applied.flatMap(({ entry, outcome }) => (outcome.accepted ? [entry.envelope.payload.verb] : []));
  return { settled: isSettled(), verdicts, explained, gained, denied, refused, verbs, applied };
}

/** Commits, as who has the task and a node of its own making, a quote that stands nowhere. */
export async function commitLie({ network, content, crypto: { sha256 } }: World, need: Need): Promise<void> {
  const { lease, body, inputs } = need;
  if (lease === null) throw new Error('it has the task');
  const { attempt, fence, bid } = lease;
  const task = { need: need.id, skill: body.skill, goal: null, inputs, acceptance: body.acceptance };
  const context = { content, sha256 } as SkillContext;
  const liar = quoteSkill.skill('liar') as Skill;
  const made = await liar.execute?.({ ...task, attempt, price: 0, timeMs: 1 }, context);
  const worker = network.byDid(bid.worker);
  if (made === undefined || worker === undefined) throw new Error('it works');
  const telemetry = { wallMs: 1, bytesRead: 0, bytesWritten: 0 };
  const said = { need: need.id, task: 'main', attempt, fence, outputs: made.outputs, telemetry, trace: null };
  worker.node.command(bid.worker, { verb: 'COMMIT', body: said }, need.id).catch(() => undefined);
}
