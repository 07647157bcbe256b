import type { ExecuteOutcome, Progress, SkillLine } from '@canswarm/ports';
import { encodeAcceptance, parseAcceptance, parseSchema, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { buildTerms, type TermsDraft } from '../../src/acceptance/agent-acceptance.ts';
import { type BundleDraft, BundleError } from '../../src/bundle/bundle.ts';
import { readBundle } from '../../src/bundle/read-bundle.ts';
import { defineAgent } from '../../src/define-agent.ts';
import type { AnySkill, ExecuteContext } from '../../src/definition.ts';
import { blockFetcher } from '../../src/reading/fetch-blocks.ts';
import { agentSkill } from '../../src/run/agent-skill.ts';
import { sha256 } from '../support/sha256.ts';
import { bundleOf, DOUBLE, tools, Work } from '../support/work.ts';

const TEXT = 'one\ntwo é three\nfour';
const INPUT = bundleOf({ n: 4 }, { 'a.txt': TEXT });

const doubling: AnySkill = {
  id: 'double',
  description: 'Doubles.',
  inputSchema: DOUBLE.inputSchema,
  outputSchema: DOUBLE.outputSchema,
  price: 1,
  execute: (input) => ({ twice: 2 * (input as { n: number }).n }),
};

const agentOf = (change: Partial<AnySkill> = {}) =>
  agentSkill(defineAgent({ name: 'doubler', skills: [{ ...doubling, ...change }] }), tools);

async function execute(
  run: (input: unknown, context: ExecuteContext) => unknown,
  { work = new Work(), draft = DOUBLE, input = INPUT, skill = {} as Partial<AnySkill> } = {},
) {
  const task = work.task(await work.terms(draft), [await work.publish(input)]);
  const outcome = (await agentOf({ ...skill, execute: run }).execute?.(task, work.context)) as ExecuteOutcome;
  const [output] = outcome.outputs;
  if (output === undefined) throw new Error('there is an output');
  return { work, task, output, bundle: await readBundle(output, blockFetcher(work.content)) };
}

describe('an agent that works', () => {
  it('gives what a seat passes', async () => {
    const { work, task, output, bundle } = await execute(async (input, { artifacts, cite }) => {
      await artifacts.put('a/b.txt', 'text');
      await cite('a.txt', 4, 10);
      return { twice: 2 * (input as { n: number }).n };
    });
    expect(bundle.value).toEqual({ twice: 8 });
    expect(await bundle.files.text('a/b.txt')).toBe('text');
    expect(bundle.citations).toMatchObject([
      { key: 'citations/00001', citation: { quote: 'two é', lineStart: 2, lineEnd: 2 } },
    ]);
    expect(await agentOf().evaluate?.(work.result(task, [output]), work.context)).toEqual({
      verdict: 'pass',
      reasons: [],
    });
  });

  it('is given what the tasks before it made, which seats judge without', async () => {
    const work = new Work();
    const inputs = [await work.publish(INPUT), await work.publish(bundleOf({ half: 2 }, { 'b.txt': 'made' }))];
    const task = work.task(await work.terms(DOUBLE), inputs);
    const run: AnySkill['execute'] = async (_input, { before }) => {
      const [found] = before;
      if (found === undefined) throw new Error('a task before made something');
      expect([before.length, await found.files.text('b.txt')]).toEqual([1, 'made']);
      return { twice: 4 * (found.value as { readonly half: number }).half };
    };
    const outcome = (await agentOf({ execute: run }).execute?.(task, work.context)) as ExecuteOutcome;
    const said = await agentOf().evaluate?.(work.result(task, outcome.outputs), work.context);
    expect(said).toEqual({ verdict: 'pass', reasons: [] });
  });

  it('is told of the need, its files and its budget', async () => {
    const lines: SkillLine[] = [];
    const steps: Progress[] = [];
    const work = new Work();
    const context = {
      ...work.context,
      log: (line: SkillLine) => lines.push(line),
      progress: (step: Progress) => steps.push(step),
    };
    const task = {
      ...work.task(await work.terms(DOUBLE), [await work.publish(INPUT)]),
      goal: 'twice, please',
      attempt: 2,
    };
    const seen: unknown[] = [];
    const skill = agentOf({
      execute: async (_input, { goal, attempt, need, budget, files, log, progress, artifacts }) => {
        seen.push(goal, attempt, need, budget, files.names(), await artifacts.get(files.cid('a.txt') ?? ('' as never)));
        progress(1, 2);
        progress(2, 2, 'done');
        for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
        return { twice: 8 };
      },
    });
    await skill.execute?.(task, context);
    expect(seen).toEqual(['twice, please', 2, task.need, { price: 1, timeMs: 60_000 }, ['a.txt'], utf8(TEXT)]);
    expect(steps).toEqual([
      { done: 1, total: 2, note: '' },
      { done: 2, total: 2, note: 'done' },
    ]);
    expect(lines.map(({ level, message }) => level === message)).toEqual([true, true, true, true]);
  });

  it('gives the same artifact for the same output', async () => {
    const run = async (_input: unknown, { artifacts }: ExecuteContext) => {
      await artifacts.put('a', 'x'.repeat(50_000));
      return { twice: 8, z: 1, a: 2 };
    };
    expect((await execute(run)).output).toEqual((await execute(run)).output);
  });
});

describe('an agent does not commit', () => {
  it.each<[string, unknown, RegExp]>([
    ['what is no JSON', { twice: new Date(0) }, /the output of "double" is no JSON: \/twice is a Date/],
    ['what does not fit its schema', { twice: 'x' }, /the output does not fit the schema of "double": \/twice/],
    ['nothing', undefined, /is no JSON: the value is undefined/],
  ])('%s', async (_name, given, message) => {
    await expect(execute(() => given)).rejects.toThrow(message);
  });

  it.each<[string, TermsDraft, BundleDraft, RegExp]>([
    [
      'where the need asks for more than its skill gives',
      { ...DOUBLE, outputSchema: { required: ['more'] } },
      INPUT,
      /does not fit the schema of the need: .*"more"/,
    ],
    ['where the input does not fit the need', DOUBLE, bundleOf({ n: 'x' }), /does not fit the need's own schema: \/n/],
    [
      'where the input does not fit its skill',
      { ...DOUBLE, inputSchema: {} },
      bundleOf({ n: 'x' }),
      /does not fit the skill's schema: \/n/,
    ],
    ['for another skill', { ...DOUBLE, skill: 'triple' }, INPUT, /the acceptance is of another skill/],
  ])('%s', async (_name, draft, input, message) => {
    await expect(execute(() => ({ twice: 8 }), { draft, input })).rejects.toThrow(message);
  });

  it('where terms are a trap: what seats would pass could be challenged', async () => {
    const work = new Work();
    const { cid, blocks } = buildTerms(DOUBLE, sha256);
    const parsed = parseAcceptance(blocks.find((block) => block.cid === cid)?.bytes ?? utf8(''));
    const trap = parseSchema({ const: 5 });
    if (!parsed.ok || trap === undefined) throw new Error('terms and a schema');
    await work.content.putBlocks(blocks);
    const trapped = await work.content.put(
      encodeAcceptance({ ...parsed.acceptance, schemas: { value: trap } }),
      'dag-cbor',
    );
    const task = work.task(trapped, [await work.publish(INPUT)]);
    await expect(agentOf().execute?.(task, work.context)).rejects.toThrow(/does not follow from its output schema/);
  });

  it('without an input, or when it was withdrawn meanwhile', async () => {
    const work = new Work();
    const terms = await work.terms(DOUBLE);
    await expect(agentOf().execute?.(work.task(terms, []), work.context)).rejects.toThrow('an agent is given an input');
    const stop = new AbortController();
    const task = work.task(terms, [await work.publish(INPUT)]);
    const skill = agentOf({
      execute: () => {
        stop.abort(new Error('withdrawn'));
        return { twice: 8 };
      },
    });
    await expect(skill.execute?.(task, { ...work.context, signal: stop.signal })).rejects.toThrow('withdrawn');
  });

  it('a skill that it has not', async () => {
    const work = new Work();
    const task = work.task(await work.terms(DOUBLE), [await work.publish(INPUT)], 'triple');
    await expect(agentOf().execute?.(task, work.context)).rejects.toThrow(
      'the agent "doubler" has no skill "triple"; it has double',
    );
    const named = { ...task, skill: 'constructor' };
    await expect(agentOf().execute?.(named, work.context)).rejects.toThrow('has no skill "constructor"');
    const idle = agentSkill(
      defineAgent({
        name: 'judge',
        skills: [{ ...doubling, execute: undefined, price: undefined, verify: () => true } as never],
      }),
      tools,
    );
    await expect(idle.execute?.({ ...task, skill: 'double' }, work.context)).rejects.toThrow('does not execute');
  });
});

describe('what an agent lays on its desk', () => {
  it.each<[string, (context: ExecuteContext) => Promise<unknown>, RegExp]>([
    ['a file without a name', ({ artifacts }) => artifacts.put('', 'x'), /"" is no name of a file/],
    [
      'a file twice',
      async ({ artifacts }) => [await artifacts.put('a', 'x'), await artifacts.put('a', 'x')],
      /there is a file "a" in the output already/,
    ],
    [
      'too much',
      ({ artifacts }) => artifacts.put('a', new Uint8Array(134_217_729)),
      /at most 20000 files and 134217728 bytes/,
    ],
    ['a citation of no file', ({ cite }) => cite('b.txt', 0, 1), /there is no file "b.txt"/],
    ['a citation of nothing', ({ cite }) => cite('a.txt', 3, 3), /has no bytes 3 to 3 of at most 4096 to cite/],
    ['a citation beyond the end', ({ cite }) => cite('a.txt', 0, 99), /has no bytes 0 to 99/],
    ['a citation before the beginning', ({ cite }) => cite('a.txt', -1, 2), /has no bytes -1 to 2/],
    ['a citation of part of a byte', ({ cite }) => cite('a.txt', 0.5, 2), /has no bytes 0.5 to 2/],
    [
      'a citation of half a character',
      ({ cite }) => cite('a.txt', 4, 9),
      /bytes 4 to 9 of "a.txt" are no whole characters/,
    ],
  ])('is not %s', async (_name, lay, message) => {
    await expect(execute(async (_input, context) => lay(context))).rejects.toThrow(message);
  });

  it('has room for ten thousand citations', async () => {
    const all = async (_input: unknown, { cite }: ExecuteContext) => {
      for (let count = 0; count <= 10_000; count += 1) await cite('a.txt', 0, 1);
    };
    await expect(execute(all)).rejects.toThrow(new BundleError('an output has at most 10000 citations'));
  });

  it('keeps what was put as it was then', async () => {
    const { bundle } = await execute(async (_input, { artifacts }) => {
      const bytes = utf8('before');
      const cid = await artifacts.put('a', bytes);
      bytes.fill(0);
      expect(await artifacts.get(cid)).toEqual(utf8('before'));
      return { twice: 8 };
    });
    expect(await bundle.files.text('a')).toBe('before');
  });

  it.each([
    [0, 3, 1, 1],
    [0, 4, 1, 1],
    [0, 5, 1, 2],
    [4, 18, 2, 3],
  ])('counts lines: bytes %i to %i', async (start, end, lineStart, lineEnd) => {
    const { bundle } = await execute(async (_input, { cite }) => {
      expect(await cite('a.txt', start, end)).toBe('citations/00001');
      return { twice: 8 };
    });
    expect(bundle.citations).toMatchObject([{ citation: { lineStart, lineEnd } }]);
  });
});

describe('an agent that verifies', () => {
  const judge = async (
    verify: AnySkill['verify'],
    output: BundleDraft = bundleOf({ twice: 8 }),
    skill: Partial<AnySkill> = {},
  ) => {
    const work = new Work();
    const task = work.task(await work.terms({ ...DOUBLE, inputSchema: {}, outputSchema: { type: 'object' } }), [
      await work.publish(INPUT),
    ]);
    return agentOf({ ...skill, ...(verify === undefined ? {} : { verify }) }).evaluate?.(
      work.result(task, [await work.publish(output)]),
      work.context,
    );
  };

  it('judges after what the need declares', async () => {
    const seen: unknown[] = [];
    const verdict = await judge((work, context) => {
      seen.push(work.input, work.output, work.outputFiles.names(), work.citations, context.files.names());
      return true;
    });
    expect(verdict).toEqual({ verdict: 'pass', reasons: [] });
    expect(seen).toEqual([{ n: 4 }, { twice: 8 }, [], [], ['a.txt']]);
    const never = () => {
      throw new Error('not asked');
    };
    expect(await judge(never, bundleOf(1))).toMatchObject({
      verdict: 'fail',
      reasons: [expect.stringMatching(/does not fit its schema/)],
    });
  });

  it('says yes, no, or why', async () => {
    expect(await judge(() => false)).toEqual({ verdict: 'fail', reasons: ['the verifier says no'] });
    const reasons = Array(9).fill('é'.repeat(200));
    expect(await judge(async () => ({ verdict: 'fail', reasons }))).toEqual({
      verdict: 'fail',
      reasons: Array(8).fill('é'.repeat(128)),
    });
    expect(await judge(() => ({ verdict: 'undecidable', reasons: ['dark'] }))).toEqual({
      verdict: 'undecidable',
      reasons: ['dark'],
    });
  });

  it('tells what doing the work again used, where it says so', async () => {
    const verdict = await judge((_work, { used }) => {
      used({ model: 'm', tokens: 2 });
      used({ tool: 't', tokens: 3 });
      return true;
    });
    expect(verdict).toEqual({
      verdict: 'pass',
      reasons: [],
      measured: { wallMs: expect.any(Number), use: { tokens: 5, models: ['m'], tools: ['t'], egress: [] } },
    });
    const none = await judge((_work, { used }) => {
      used({});
      return true;
    });
    expect(none).toMatchObject({ measured: { use: { tokens: 0, models: [], tools: [], egress: [] } } });
  });

  it('is asked only about what fits its own schemas', async () => {
    expect(await judge(() => true, bundleOf({ twice: 'x' }))).toMatchObject({
      verdict: 'fail',
      reasons: [expect.stringMatching(/^the output does not fit this verifier's schema: \/twice/)],
    });
    expect(await judge(() => true, undefined, { inputSchema: { type: 'null' } })).toMatchObject({
      verdict: 'undecidable',
      reasons: [expect.stringMatching(/^the input does not fit this verifier's schema/)],
    });
  });

  it('without a verify of its own judges by what the need declares', async () => {
    expect(await judge(undefined)).toEqual({ verdict: 'pass', reasons: [] });
  });
});
