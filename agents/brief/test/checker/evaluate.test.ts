import { inspect } from '@canswarm/agent';
import {
  type ArtifactRef,
  buildRecord,
  buildTree,
  type DagMap,
  type DagValue,
  encodeAcceptance,
  linkOf,
  type TreeEntry,
  utf8,
} from '@canswarm/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { briefParams, buildAcceptance } from '../../src/acceptance.ts';
import { evaluate } from '../../src/checker/evaluate.ts';
import { openCorpus } from '../../src/corpus/read-corpus.ts';
import { guide, guideQuestion } from '../support/guide.ts';
import { resultOf, type TestNeed, testNeed } from '../support/needs.ts';
import { sha256 } from '../support/sha256.ts';

/** An output tree as plain data, so that a test can spoil any part of it. */
type Output = Record<string, Record<string, DagValue>>;

const MAX_STATEMENTS = 3;
const passages = [
  { path: 'SECURITY.md', quote: 'To report a vulnerability, write to the address below.' },
  { path: 'SECURITY.md', quote: 'Reports are answered within three days.' },
  { path: 'docs/lid.md', quote: 'A lid that reports a vulnerability of its hinge is replaced.' },
];

let need: TestNeed;
let output: Output;

async function statement(path: string, quote: string): Promise<Record<string, DagValue>> {
  const [input] = need.task.inputs;
  const document = input && (await (await openCorpus(need.content, input)).document(path));
  const text = new TextDecoder().decode(document?.bytes);
  const at = text.indexOf(quote);
  if (document === undefined || at === -1) throw new Error(`no ${quote} in ${path}`);
  const byteStart = utf8(text.slice(0, at)).length;
  const lineStart = text.slice(0, at).split('\n').length;
  return {
    input: 0,
    path,
    document: linkOf(document.cid),
    byteStart,
    byteEnd: byteStart + utf8(quote).length,
    quote,
    sha256: sha256(utf8(quote)),
    lineStart,
    lineEnd: lineStart + quote.split('\n').length - 1,
  };
}

function group(title: string, ...statements: readonly string[]): DagMap {
  return { title, statements };
}

async function publish(records: Readonly<Record<string, DagValue>>): Promise<ArtifactRef> {
  const entries: TreeEntry[] = [];
  for (const [key, value] of Object.entries(records)) {
    const record = buildRecord(value, sha256);
    await need.content.putBlocks([record]);
    entries.push({ key, cid: record.cid, leaves: 1, size: record.size });
  }
  const tree = buildTree(entries, sha256);
  await need.content.putBlocks(tree.blocks);
  return tree.ref;
}

async function judge(): Promise<string> {
  const { verdict, reasons } = await evaluate(resultOf(need.task, await publish(output)), need.context);
  return [verdict, ...reasons].join(' | ');
}

async function found(): Promise<string | null> {
  const { finding } = await inspect(resultOf(need.task, await publish(output)), need.context);
  return finding === null ? null : `${finding.class} ${finding.claim.output} ${finding.claim.key}`;
}

const first = (): Record<string, DagValue> => output['s/0001'] ?? {};

beforeEach(async () => {
  need = await testNeed(guide, { question: guideQuestion, maxStatements: MAX_STATEMENTS });
  output = {};
  output['report'] = {
    v: 1,
    kind: 'brief',
    question: guideQuestion,
    engine: 'by hand',
    groups: [group('SECURITY.md', 's/0001', 's/0002'), group('docs/lid.md', 's/0003')],
  };
  for (const [rank, { path, quote }] of passages.entries()) output[`s/000${rank + 1}`] = await statement(path, quote);
});

describe('evaluate', () => {
  it('passes a right brief, every time alike', async () => {
    expect(await judge()).toBe('pass');
    expect(await judge()).toBe('pass');
    expect(await found()).toBeNull();
  });

  it('finds every kind of untrue statement, and so does a bystander', async () => {
    const right = first();
    const altered = String(right['quote']).replace('write', 'never');
    const cases: [spoiled: Record<string, DagValue>, reason: string][] = [
      [{ quote: altered, byteEnd: Number(right['byteEnd']) }, 'sha256_differs'],
      [{ quote: altered, sha256: sha256(utf8(altered)) }, 'words_differ'],
      [{ quote: `${altered}!`, sha256: sha256(utf8(`${altered}!`)) }, 'length_differs'],
      [{ byteStart: Number(right['byteStart']) + 1, byteEnd: Number(right['byteEnd']) + 1 }, 'words_differ'],
      [{ byteStart: 9000, byteEnd: 9000 + altered.length }, 'outside_document'],
      [{ document: output['s/0003']?.['document'] ?? null }, 'document_differs'],
    ];
    for (const [spoiled, reason] of cases) {
      output['s/0001'] = { ...right, ...spoiled };
      expect(await judge(), reason).toContain(`fail | s/0001 is not what the document says: ${reason}`);
      expect(await found(), reason).toBe('missing_citation 0 s/0001');
    }
  });

  it('finds a document that does not exist', async () => {
    output['s/0001'] = { ...first(), path: 'NOTHING.md' };
    const groups = [group('NOTHING.md', 's/0001'), group('SECURITY.md', 's/0002'), group('docs/lid.md', 's/0003')];
    output['report'] = { ...output['report'], groups };
    expect(await judge()).toContain('fail | s/0001 is not what the document says: no_such_path');
    expect(await found()).toBe('missing_citation 0 s/0001');
  });

  it('finds records that violate their schema, and so does a bystander', async () => {
    const right = { ...output };
    const cases: [key: string, spoiled: Record<string, DagValue>][] = [
      ['s/0001', { ...first(), note: 'trust me' }],
      ['s/0001', { ...first(), input: 1 }],
      ['s/0001', { ...first(), quote: 'x'.repeat(4097) }],
      ['s/0002', { quote: 'nothing else' }],
      ['report', { ...output['report'], question: 'Something else?' }],
      ['report', { ...output['report'], answer: 42 }],
    ];
    for (const [key, spoiled] of cases) {
      output = { ...right, [key]: spoiled };
      expect(await judge(), JSON.stringify(Object.keys(spoiled))).toMatch(new RegExp(`^fail \\| ${key}`));
      expect(await found()).toBe(`schema_violation 0 ${key}`);
    }
  });

  it('finds lines that are not those of the quote', async () => {
    output['s/0001'] = { ...first(), lineStart: 1 };
    expect(await judge()).toBe('fail | s/0001 stands in lines 3 to 3');
  });

  it('finds statements that are not distinct', async () => {
    output['s/0002'] = await statement('SECURITY.md', 'report a vulnerability');
    expect(await judge()).toContain('s/0002 overlaps s/0001');
    output['s/0001'] = await statement('docs/boiler.md', 'is built and by whom it is kept.');
    output['s/0002'] = await statement('docs/lid.md', 'is built and by whom it is kept.');
    output['report'] = {
      ...output['report'],
      groups: [group('docs/boiler.md', 's/0001'), group('docs/lid.md', 's/0002', 's/0003')],
    };
    expect(await judge()).toContain('s/0002 says the same words as s/0001');
  });

  it('finds quotes that are true and no answer, and fewer than could be found', async () => {
    const fillers = [4, 5, 6].map((part) => `Part ${part} of the boiler tells in some detail`);
    for (const [rank, quote] of fillers.entries()) {
      output[`s/000${rank + 1}`] = await statement('docs/boiler.md', quote);
    }
    output['report'] = { ...output['report'], groups: [group('docs/boiler.md', 's/0001', 's/0002', 's/0003')] };
    expect(await judge()).toMatch(/^fail \| the ranking reaches 0 basis points/);
    output = { report: { ...output['report'], groups: [] } };
    expect(await judge()).toMatch(/^fail \| the ranking reaches 0 basis points/);
  });

  it('finds outputs of another shape', async () => {
    const right = { ...output };
    const { report, ...statements } = right;
    const groups = [group('SECURITY.md, says the owner', 's/0001', 's/0002'), group('docs/lid.md', 's/0003')];
    const shapes: [spoiled: Output, reason: RegExp][] = [
      [statements, /out of place/],
      [{ ...right, extra: first() }, /more than 3 statements|out of place/],
      [{ ...right, 's/0004': await statement('README.md', 'Kettle boils water over the network.') }, /more than 3/],
      [{ report: report ?? {}, 's/0002': first() }, /out of place/],
      [{ ...right, report: { ...report, groups } }, /does not group/],
      [{ ...right, report: { ...report, groups: [] } }, /does not group/],
    ];
    for (const [spoiled, reason] of shapes) {
      output = spoiled;
      expect(await judge()).toMatch(reason);
    }
    const ref = await publish(right);
    const judged = async (...refs: ArtifactRef[]): Promise<string> =>
      (await evaluate(resultOf(need.task, ...refs), need.context)).reasons.join();
    expect(await judged(ref, ref)).toBe('a brief has one output');
    expect(await judged()).toBe('a brief has one output');
    expect(await judged({ ...ref, leaves: 7 })).toBe('the output has 4 leaves, not the 7 committed');
  });
});

describe('what cannot be read', () => {
  it('is the worker’s fault where it is the output', async () => {
    const ref = await publish(output);
    need.content.lose(ref.cid);
    const { verdict, reasons } = await evaluate(resultOf(need.task, ref), need.context);
    expect([verdict, ...reasons]).toEqual(['fail', 'the output cannot be read: not_found']);
    expect(await inspect(resultOf(need.task, ref), need.context)).toEqual({ finding: null });
  });

  it('is nobody’s to judge where it is the documents or the acceptance', async () => {
    const ref = await publish(output);
    const [input] = need.task.inputs;
    if (input === undefined) throw new Error('a need has an input');
    const verdict = async (task = need.task): Promise<string> => {
      const outcome = await evaluate(resultOf(task, ref), need.context);
      return `${outcome.verdict}: ${outcome.reasons.join()}`;
    };
    expect(await verdict({ ...need.task, goal: 'another?' })).toMatch(/^undecidable: the goal is not/);
    expect(await verdict({ ...need.task, inputs: [] })).toBe('undecidable: a brief has one input');
    expect(await verdict({ ...need.task, acceptance: ref.cid })).toMatch(/^undecidable: the acceptance is not/);
    const params = briefParams({ question: guideQuestion, maxStatements: MAX_STATEMENTS });
    const { acceptance } = buildAcceptance(params, sha256);
    const lax = encodeAcceptance({ ...acceptance, schemas: {} });
    const cid = await need.content.put(lax, 'dag-cbor');
    expect(await verdict({ ...need.task, acceptance: cid })).toMatch(/^undecidable: the acceptance is not/);
    need.content.lose(input.cid);
    expect(await verdict()).toBe('undecidable: the documents cannot be read: not_found');
    need.content.lose(need.task.acceptance);
    expect(await verdict()).toBe('undecidable: the acceptance cannot be read: not_found');
  });

  it('ends when told to', async () => {
    const ref = await publish(output);
    need.abort.abort(new Error('told to'));
    await expect(evaluate(resultOf(need.task, ref), need.context)).rejects.toThrow('told to');
  });
});
