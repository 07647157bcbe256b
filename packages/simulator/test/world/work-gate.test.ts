import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Need } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import type { AppliedEntry } from '@canswarm/node';
import type { Skill, SkillContext, SkillModule, TaskInput } from '@canswarm/ports';
import { encodeCapsule, type Genesis, type NeedId, type WorkUse } from '@canswarm/protocol';
import { buildPolicy, type Explanation, explain, initPolicy, openPolicy } from 'canswarm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quoteCast } from '../../src/workload/quote-cast.ts';
import { quoteNeed } from '../../src/workload/quote-need.ts';
import { publishQuoteTask, quoteSkill } from '../../src/workload/quote-skill.ts';
import { createWorld, type World } from '../../src/world/world.ts';

const LONG_MS = 120_000;
const crypto = sodiumCrypto();
const place = mkdtempSync(join(tmpdir(), 'canswarm-gate-'));
let policy: NonNullable<Genesis['policy']>;

/** What a policy of these tests lets work use: a dictionary, and 100 tokens of one model. A quote has to stand where it says. */
beforeAll(async () => {
  const folder = join(place, 'policy');
  initPolicy(folder);
  const file = join(folder, 'parameters.json');
  const base = readFileSync(file, 'utf8');
  const own = base
    .replace('"models": []', '"models": ["small-9"]')
    .replace('"tools": []', '"tools": ["dictionary"]')
    .replace('"tokens": 0', '"tokens": 100')
    .replace('"agent": 0,', '"agent": 0, "quote": 100,');
  writeFileSync(file, own);
  writeFileSync(join(folder, 'cases.json'), '{"cases":[]}\n');
  await buildPolicy(folder, {});
  const { capsule, wasm } = openPolicy(folder);
  policy = { capsule: encodeCapsule(capsule), engine: wasm };
}, LONG_MS);

afterAll(() => rmSync(place, { recursive: true, force: true }));

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

interface Asked {
  readonly kind?: string;
  /** Of the seats. */
  readonly evaluate?: string;
  /** Done once the first worker has the task. */
  readonly onLease?: (world: World, need: Need) => Promise<void>;
}

/** Has workers do one task, the cheapest first, and plays on until the need is settled. */
async function played(
  use: Partial<WorkUse>,
  engines: readonly string[],
  { kind = 'agent', evaluate = 'honest', onLease }: Asked = {},
) {
  const workers = engines.map((engine, at) => ({ engine, priceBps: 5_000 + at * 1_000 }));
  const cast = quoteCast({ workers, evaluate, inspect: 'none' });
  const world = createWorld({ seed: `gate/${engines.join()}/${JSON.stringify(use)}`, cast, module, hosts: 3, policy });
  const { network, clock, content } = world;
  const { node, did } = network.person('requester');
  const applied: AppliedEntry[] = [];
  node.listen({ onApplied: (entry) => void applied.push(entry) });
  const owns = (name: string): number => network.person(name).node.balance(`free/${network.person(name).did}`);
  network.start();
  const before = engines.map((_, at) => owns(`worker-${at + 1}`));
  const task = await publishQuoteTask('What stands here stands here.', content, crypto.sha256);
  const posted: NeedId[] = [];
  node
    .postNeed(did, quoteNeed(task, { goal: JSON.stringify(use), class: kind }))
    .then((need) => posted.push(need))
    .catch((error: unknown) => expect.fail(String(error)));
  const leased = (): Need | undefined => [...node.state.needs.values()].find(({ lease }) => lease?.attempt === 1);
  if (onLease !== undefined) {
    await clock.runUntil(() => leased() !== undefined, { untilMs: clock.now() + 60_000 });
    const need = leased();
    if (need === undefined) return expect.fail('nobody has the task');
    await onLease(world, need);
  }
  const isSettled = (): boolean => applied.some(({ events }) => events.some(({ type }) => type === 'need_settled'));
  await clock.runUntil(isSettled, { untilMs: clock.now() + 300_000 });
  const entries = [...node.entries()].map(({ cursor: _, bytes }, at) => ({ position: at + 1, bytes }));
  const explained = (position: number): Explanation => {
    const found = explain(network.genesis, entries, position, { crypto });
    if (!found.ok) return expect.fail(found.code);
    return found.explanation;
  };
  const yields = applied.filter(({ entry }) => entry.envelope.payload.verb === 'YIELD').length;
  const verdicts = applied.flatMap(({ events, position }) =>
    events.flatMap((event) => (event.type === 'certified' ? [{ verdict: event.verdict, position }] : [])),
  );
  const gained = engines.map((_, at) => owns(`worker-${at + 1}`) - (before[at] ?? 0));
  await network.stop();
  return { settled: isSettled(), verdicts, explained, gained, yields };
}

describe('a worker whose work is done again', () => {
  it(
    'is paid where it said what that takes',
    async () => {
      const { settled, verdicts, gained } = await played({ tools: ['dictionary'], models: ['small-9'], tokens: 100 }, [
        'honest',
      ]);
      expect([settled, verdicts.map(({ verdict }) => verdict)]).toEqual([true, ['pass']]);
      expect(gained[0]).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it.each([
    [
      'hides a tool that the policy denies',
      { tools: ['search'] },
      'silent',
      { rule: 'tools', code: 'tool_not_allowed', facts: { tool: 'search' } },
      [{ tool: 'search' }],
    ],
    [
      'hides where data went',
      { egress: [{ label: 'internal', zone: 'us-east', bytes: 9 }] },
      'silent',
      { rule: 'egress', code: 'egress_not_allowed', facts: { label: 'internal', zone: 'us-east' } },
      [{ egress: { label: 'internal', zone: 'us-east', bytes: 9 } }],
    ],
    [
      'exceeds its budget and says that it does not',
      { models: ['small-9'], tokens: 150 },
      'says-100',
      { rule: 'budgets', code: 'budget_exceeded', facts: { budget: 'tokens', class: 'agent', limit: 100, spent: 150 } },
      [{ tokens: 150 }],
    ],
  ])(
    'is not paid where it %s, and the log shows why',
    async (_, use, engine, reason, facts) => {
      const { verdicts, explained, gained } = await played(use, [engine]);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      expect(gained[0]).toBeLessThan(0);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured.length).toBeGreaterThan(1);
      for (const vote of measured) {
        expect(vote).toMatchObject({ code: 'policy_denied', facts, policy: { allow: false } });
        expect(vote.policy.reasons).toEqual([reason]);
      }
    },
    LONG_MS,
  );

  it(
    'is not paid where it hides what was allowed, and who says it is',
    async () => {
      const { verdicts, explained, gained } = await played({ tools: ['dictionary'] }, ['silent', 'honest']);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
      expect([Math.sign(gained[0] ?? 0), Math.sign(gained[1] ?? 0)]).toEqual([-1, 1]);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured[0]).toMatchObject({ code: 'telemetry_false', facts: [{ tool: 'dictionary' }] });
      expect(measured[0]?.policy.allow).toBe(true);
    },
    LONG_MS,
  );
});

/** Commits, as who has the task and a node of its own making, a quote that stands nowhere. */
async function commitLie({ network, content, crypto: { sha256 } }: World, need: Need): Promise<void> {
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

describe('a result that states what the policy denies', () => {
  it(
    'is given back by a worker that asks, and not committed',
    async () => {
      const { yields, verdicts, gained } = await played({}, ['liar'], { kind: 'quote' });
      expect([yields, verdicts, gained[0]]).toEqual([1, [], expect.any(Number)]);
    },
    LONG_MS,
  );

  it(
    'is failed by seats whose own skill would pass it, and the log shows why',
    async () => {
      const { verdicts, explained, gained } = await played({}, ['stall'], {
        kind: 'quote',
        evaluate: 'lazy',
        onLease: commitLie,
      });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      expect(gained[0]).toBeLessThan(0);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured[0]).toMatchObject({ code: 'policy_denied', facts: [{ statements: 1, cited: 0 }] });
      expect(measured[0]?.policy.reasons).toEqual([
        { rule: 'citations', code: 'citations_lacking', facts: { class: 'quote', statements: 1, cited: 0 } },
      ]);
    },
    LONG_MS,
  );
});
