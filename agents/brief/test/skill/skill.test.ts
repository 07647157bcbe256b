import { type ArtifactRef, decodeCbor, isMap, listTree, ownField } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { briefParams, buildAcceptance, buildExample, readAcceptance } from '../../src/acceptance.ts';
import { statementKey } from '../../src/brief/report.ts';
import { evaluate } from '../../src/checker/evaluate.ts';
import { externalEngine, skill } from '../../src/skill.ts';
import { testContent } from '../support/content.ts';
import { guide, guideQuestion } from '../support/guide.ts';
import { resultOf, type TestNeed, testNeed, textDocument } from '../support/needs.ts';
import { sha256 } from '../support/sha256.ts';

async function execute(engine: string, need: TestNeed): Promise<ArtifactRef> {
  const outcome = await skill(engine).execute?.(need.task, need.context);
  const [output] = outcome?.outputs ?? [];
  if (output === undefined) throw new Error(`${engine} gave no output`);
  return output;
}

async function judged(need: TestNeed, output: ArtifactRef): Promise<string> {
  const outcome = await skill('check').evaluate?.(resultOf(need.task, output), need.context);
  return [outcome?.verdict, ...(outcome?.reasons ?? [])].join(' | ');
}

async function quotesOf(need: TestNeed, output: ArtifactRef): Promise<string[]> {
  const held = new Map<string, Uint8Array>();
  const hold = async (cid: ArtifactRef['cid']): Promise<void> => {
    held.set(cid, await need.content.get(cid, { deadlineMs: 1, maxBytes: 16_384 }));
  };
  await hold(output.cid);
  const tree = listTree(output.cid, (cid) => held.get(cid));
  if (tree.status !== 'found') throw new Error(tree.status);
  const quotes: string[] = [];
  for (const { cid } of tree.entries) {
    await hold(cid);
    const decoded = decodeCbor(held.get(cid) ?? new Uint8Array(0));
    const quote = decoded.ok && isMap(decoded.value) ? ownField(decoded.value, 'quote') : undefined;
    if (typeof quote === 'string') quotes.push(quote);
  }
  return quotes;
}

describe.each(['paragraph', 'sentence'])('the engine %s', (engine) => {
  it('answers so that the checker passes it, and reports progress', async () => {
    const need = await testNeed(guide, { question: guideQuestion });
    const output = await execute(engine, need);
    expect((await quotesOf(need, output))[0]).toContain('To report a vulnerability, write to the address below.');
    expect(await judged(need, output)).toBe('pass');
    expect(need.progress.at(-1)).toMatchObject({ done: guide.length, total: guide.length });
    expect(await execute(engine, need)).toEqual(output);
  });

  it('keeps to the number of statements asked for, down to one', async () => {
    const need = await testNeed(guide, { question: guideQuestion, maxStatements: 1 });
    const output = await execute(engine, need);
    expect(await quotesOf(need, output)).toHaveLength(1);
    expect(await judged(need, output)).toBe('pass');
  });

  it('gives an empty brief where nothing speaks of the question, and that passes too', async () => {
    const need = await testNeed(guide, { question: 'quantum chromodynamics?' });
    const output = await execute(engine, need);
    expect(await quotesOf(need, output)).toEqual([]);
    expect(await judged(need, output)).toBe('pass');
  });

  it('refuses what is no need of a brief', async () => {
    const need = await testNeed(guide, { question: guideQuestion });
    const { task, context } = need;
    const run = (changed: Partial<typeof task>): Promise<unknown> | undefined =>
      skill(engine).execute?.({ ...task, ...changed }, context);
    await expect(run({ goal: 'another?' })).rejects.toThrow('goal');
    await expect(run({ inputs: [] })).rejects.toThrow('input');
    const [input] = task.inputs;
    await expect(run({ acceptance: input?.cid ?? task.acceptance })).rejects.toThrow('acceptance');
  });
});

describe('plants', () => {
  it.each(['liar', 'liar:sentence'])('%s tells one untruth that seats and bystanders find', async (engine) => {
    const need = await testNeed(guide, { question: guideQuestion });
    const output = await execute(engine, need);
    const honest = await quotesOf(need, await execute(engine === 'liar' ? 'paragraph' : 'sentence', need));
    const told = await quotesOf(need, output);
    expect(told.filter((quote, rank) => quote !== honest[rank])).toHaveLength(1);
    expect(await judged(need, output)).toBe('fail | s/0001 is not what the document says: words_differ');
    expect(await skill('check').inspect?.(resultOf(need.task, output), need.context)).toEqual({
      finding: { class: 'missing_citation', claim: { output: 0, key: statementKey(0), step: 0 } },
    });
  });

  it('lazy passes anything, unseen', async () => {
    const need = await testNeed(guide, { question: guideQuestion });
    const output = await execute('liar', need);
    need.content.reads.length = 0;
    expect(await skill('lazy').evaluate?.(resultOf(need.task, output), need.context)).toEqual({
      verdict: 'pass',
      reasons: [],
    });
    expect(need.content.reads).toEqual([]);
  });

  it('stall ends only when it is told to', async () => {
    const need = await testNeed(guide, { question: guideQuestion });
    const work = skill('stall').execute?.(need.task, need.context);
    const undecided = Symbol('still at work');
    expect(await Promise.race([work, Promise.resolve(undecided)])).toBe(undecided);
    need.abort.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
    await expect(skill('stall').execute?.(need.task, need.context)).rejects.toThrow('lease lost');
  });
});

describe('engine names', () => {
  it('are known or refused', () => {
    expect(() => skill('guess')).toThrow('no engine "guess"');
    expect(() => skill('exec:{}')).toThrow(TypeError);
    expect(() => skill(externalEngine({ command: '' }))).toThrow(TypeError);
    expect(() => skill(externalEngine({ command: 'x', timeoutMs: 0 }))).toThrow(TypeError);
    expect(skill(externalEngine({ command: ['x'], shell: false, timeoutMs: 5, outputBytesMax: 9 })).execute).toBeTypeOf(
      'function',
    );
  });
});

describe('acceptance', () => {
  it('names an example that passes', async () => {
    const store = testContent();
    const { acceptance, blocks, cid } = buildAcceptance(briefParams({ question: 'Why?' }), sha256);
    await store.putBlocks(blocks);
    const example = buildExample(sha256);
    expect(acceptance.example).toBe(example.cid);
    const bytes = await store.get(cid, { deadlineMs: 1, maxBytes: 16_384 });
    expect(readAcceptance(bytes)).toEqual({ question: 'Why?', maxStatements: 12, boundBps: 2000 });
    const { context, task } = await testNeed([textDocument('a', 'b')], { question: 'Why?' });
    const exampleTask = { ...task, goal: null, inputs: [example.input], acceptance: example.acceptance };
    const subject = resultOf(exampleTask, example.output);
    expect(await evaluate(subject, { ...context, content: store })).toEqual({ verdict: 'pass', reasons: [] });
  });

  it('is refused for params out of range', () => {
    for (const asked of [
      { question: '' },
      { question: ' ' },
      { question: 'x'.repeat(4097) },
      { question: '\uD800' },
      { question: 'x', maxStatements: 0 },
      { question: 'x', maxStatements: 65 },
      { question: 'x', boundBps: 10_001 },
    ]) {
      expect(() => briefParams(asked)).toThrow(RangeError);
    }
    expect(readAcceptance(new Uint8Array(3))).toBeUndefined();
  });

  it('bounds the report to one block at its largest', async () => {
    const paths = Array.from({ length: 64 }, (_, index) => `${'ü'.repeat(500)}/${String(index).padStart(2, '0')}`);
    const question = `kettle ${'ü'.repeat(2000)}`;
    const need = await testNeed(
      paths.map((path, index) => textDocument(path, `The kettle number ${index} ${'of copper '.repeat(index)}boils.`)),
      { question, maxStatements: 64 },
    );
    expect((await quotesOf(need, await execute('paragraph', need))).length).toBeGreaterThan(20);
  });
});
