import { ContentError, type ContentStore } from '@canswarm/ports';
import {
  type ArtifactRef,
  buildRecord,
  buildTree,
  cidOf,
  encodeAcceptance,
  parseAcceptance,
  parseSchema,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { buildTerms, type TermsDraft } from '../../src/acceptance/agent-acceptance.ts';
import type { BundleDraft } from '../../src/bundle/bundle.ts';
import { CertificateChecks } from '../../src/checks/certificates.ts';
import { evaluateByTerms } from '../../src/checks/evaluate.ts';
import { citationOf } from '../support/citation.ts';
import { fails, passes, undecidable } from '../support/outcomes.ts';
import { sha256 } from '../support/sha256.ts';
import { bundleOf, DOUBLE, tools, Work } from '../support/work.ts';

const INPUT = bundleOf({ n: 4 }, { 'a.txt': 'four\nand é more\n' });
const RIGHT = bundleOf({ twice: 8 });
const cited = citationOf('a.txt', 'four\nand é more\n', 'and é');

const judge = (draft: TermsDraft, output: BundleDraft = RIGHT, input: BundleDraft = INPUT) =>
  new Work().judge(draft, input, output);

/** Judges with some references replaced. */
async function judgeWith(
  change: (
    work: Work,
    refs: { input: ArtifactRef; output: ArtifactRef },
  ) =>
    | Partial<Record<'inputs' | 'outputs', readonly ArtifactRef[]>>
    | Promise<Partial<Record<'inputs' | 'outputs', readonly ArtifactRef[]>>>,
  draft: TermsDraft = DOUBLE,
) {
  const work = new Work();
  const refs = { input: await work.publish(INPUT), output: await work.publish(RIGHT) };
  const { inputs = [refs.input], outputs = [refs.output] } = await change(work, refs);
  const task = work.task(await work.terms(draft), inputs);
  return evaluateByTerms(work.result(task, outputs), work.context, tools);
}

describe('the worker is at fault', () => {
  it('for no output, or two', async () => {
    expect(await judgeWith(() => ({ outputs: [] }))).toEqual(fails('an agent gives one output'));
    expect(await judgeWith((_work, { output }) => ({ outputs: [output, output] }))).toEqual(
      fails('an agent gives one output'),
    );
  });

  it('for an output that is no bundle', async () => {
    expect(await judgeWith((_work, { output }) => ({ outputs: [{ ...output, leaves: 9 }] }))).toEqual(
      fails('the output is no bundle: it has 1 leaves, not the 9 that were said'),
    );
    const noTree = async (work: Work) => ({
      outputs: [{ cid: await work.content.put(utf8('\u00a0'), 'dag-cbor'), leaves: 1 }],
    });
    expect(await judgeWith(noTree)).toEqual(fails(/^the output is no bundle: the tree .* is malformed$/));
  });

  it('for an output that cannot be had, whole', async () => {
    const work = new Work();
    const output = await work.publish(bundleOf({ twice: 8 }, { big: 'x'.repeat(40_000) }));
    const task = work.task(await work.terms(DOUBLE), [await work.publish(INPUT)]);
    const content: ContentStore = {
      ...work.content,
      get: (cid, options) =>
        options.maxBytes > 0 && cid.startsWith('bafkrei')
          ? Promise.reject(new ContentError('deadline', cid, 'too late'))
          : work.content.get(cid, options),
    };
    // Every raw block is out of reach: of the terms' schemas first, which is not the worker's fault.
    const all = await evaluateByTerms(work.result(task, [output]), { ...work.context, content }, tools);
    expect(all).toEqual(undecidable('what the need names cannot be read: deadline'));
    const schemas = new Set(buildTerms(DOUBLE, sha256).blocks.map(({ cid }) => cid));
    const some: ContentStore = {
      ...content,
      get: (cid, options) => (schemas.has(cid) ? work.content : content).get(cid, options),
    };
    const one = await evaluateByTerms(work.result(task, [output]), { ...work.context, content: some }, tools);
    expect(one).toEqual(fails('the output cannot be read: deadline'));
  });
});

describe('the requester is at fault', () => {
  it('for no input, or one that is no bundle', async () => {
    expect(await judgeWith(() => ({ inputs: [] }))).toEqual(undecidable('an agent is given an input'));
    expect(await judgeWith((_work, { input }) => ({ inputs: [{ ...input, leaves: 9 }] }))).toEqual(
      undecidable('the input is no bundle: it has 2 leaves, not the 9 that were said'),
    );
  });

  it('for an input whose file is no sound one, where that is cited', async () => {
    const outcome = await judgeWith(async (work) => {
      const value = buildRecord({ value: { n: 4 } }, sha256);
      const node = utf8('no node of a file');
      const cid = cidOf(node, 'dag-pb', sha256);
      const tree = buildTree(
        [
          { key: 'value', ...value },
          { key: 'files/a.txt', cid, size: 20_000, leaves: 2 },
        ],
        sha256,
      );
      await work.content.putBlocks([value, { cid, bytes: node }, ...tree.blocks]);
      const output = await work.publish(bundleOf({ twice: 8 }, {}, [{ ...cited, document: cid }]));
      return { inputs: [tree.ref], outputs: [output] };
    });
    expect(outcome).toEqual(undecidable('citations/00001 cites what is malformed'));
  });

  it('for an input that does not fit its own schema', async () => {
    expect(await judge(DOUBLE, RIGHT, bundleOf({ n: 'four' }))).toEqual(
      undecidable(/^the input does not fit its schema: \/n: /),
    );
  });

  it('for an input that goes beyond what its schema can judge', async () => {
    const draft = { ...DOUBLE, inputSchema: { items: { $ref: '#' }, contains: { $ref: '#' } } };
    const nested = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`);
    expect(await judge(draft, RIGHT, bundleOf(nested))).toEqual(undecidable(/needs more than/));
  }, 120_000);

  it('for terms that are none, are of another skill or are unsound', async () => {
    const work = new Work();
    const [input, output] = [await work.publish(INPUT), await work.publish(RIGHT)];
    const judgeBy = async (bytes: Uint8Array, skill = 'double') => {
      const task = work.task(await work.content.put(bytes, 'dag-cbor'), [input], skill);
      return evaluateByTerms(work.result(task, [output]), work.context, tools);
    };
    const { cid, blocks } = buildTerms(DOUBLE, sha256);
    await work.content.putBlocks(blocks);
    const bytes = blocks.find((block) => block.cid === cid)?.bytes ?? utf8('');
    expect(await judgeBy(bytes)).toEqual(passes);
    expect(await judgeBy(utf8('none'))).toEqual(undecidable('the acceptance is not that of an agent'));
    expect(await judgeBy(bytes, 'triple')).toEqual(undecidable('the acceptance is of another skill'));
    const parsed = parseAcceptance(bytes);
    const trap = parseSchema({ const: 5 });
    if (!parsed.ok || trap === undefined) throw new Error('terms and a schema');
    const trapped = encodeAcceptance({ ...parsed.acceptance, schemas: { value: trap } });
    expect(await judgeBy(trapped)).toEqual(
      undecidable('what the need demands of records does not follow from its output schema'),
    );
  });

  it('before the worker, whose output may be anything then', async () => {
    const unfit = { ...DOUBLE, inputSchema: { type: 'null' } };
    expect(await judge(unfit, bundleOf({ twice: 'no number' }))).toEqual(undecidable(/^the input does not fit/));
  });
});

describe('a seat', () => {
  it('stops when it is told to', async () => {
    const work = new Work();
    const task = work.task(await work.terms(DOUBLE), [await work.publish(INPUT)]);
    const context = { ...work.context, signal: AbortSignal.abort(new Error('withdrawn')) };
    const judged = evaluateByTerms(work.result(task, [await work.publish(RIGHT)]), context, tools);
    await expect(judged).rejects.toThrow('withdrawn');
  });

  it('does not vote when its own check breaks', async () => {
    const broken = { name: 'double/1', check: () => Promise.reject(new Error('a defect')) };
    const own = { ...tools, checks: new CertificateChecks([broken]) };
    await expect(new Work().judge({ ...DOUBLE, checks: ['double/1'] }, INPUT, RIGHT, own)).rejects.toThrow('a defect');
  });
});
