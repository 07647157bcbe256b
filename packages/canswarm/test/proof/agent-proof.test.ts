import { type BundleDraft, buildTerms, CertificateChecks, publishBundle, type TermsDraft } from '@canswarm/agent';
import { writeCar } from '@canswarm/content-fs';
import { SandboxError } from '@canswarm/ports';
import { type Block, type Cid, encodeAcceptance, parseAcceptance, parseSchema, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/audit/explain.ts';
import { ledgerOf } from '../../src/audit/ledger.ts';
import { replay } from '../../src/audit/replay.ts';
import { judgeByTermsAgain } from '../../src/proof/kinds/agent/judge-again.ts';
import { resultFiles } from '../../src/proof/result-files.ts';
import { verifyBytes } from '../../src/proof/verify-proof.ts';
import { provenReport } from '../../src/proof/verify-report.ts';
import { judgingTools } from '../../src/skills/judging-tools.ts';
import { INPUT, OUTPUT, smallAgentContent, TERMS, TOOLS } from './small-agent.ts';
import type { SmallContent } from './small-content.ts';
import { crypto } from './small-log.ts';
import { proofOf, smallAgentProof, smallProof, withFiles } from './small-proof.ts';

const { sha256 } = crypto;
const { car, files, log, small } = await smallAgentProof();
const whole = await smallAgentProof(true);
const bytesOf = (path: string): Uint8Array => files.get(path) ?? new Uint8Array();
const textOf = (path: string): string => new TextDecoder().decode(bytesOf(path));

function proven(changed = files) {
  const verified = verifyBytes(changed, { crypto });
  if (!verified.ok) throw new Error(verified.report.error?.sentence);
  return verified.proven;
}

function fault(changes: Readonly<Record<string, Uint8Array>>, from = files) {
  const verified = verifyBytes(withFiles(from, changes), { crypto });
  if (verified.ok) throw new Error('it holds');
  return verified.report.error;
}

describe('a proof of an agent’s result', () => {
  it('has the result as a value, as files and for people', () => {
    expect([...files.keys()]).toEqual([
      'proof/genesis.cbor',
      'proof/audit.jsonl',
      'proof/artifacts.car',
      'result.json',
      'report.md',
      'files/.%2E/NOTES%3A %3Cb%3Eall%3C/b%3E',
      'files/counts.csv',
    ]);
    expect(bytesOf('files/counts.csv')).toEqual(OUTPUT.files.get('counts.csv'));
    const result = JSON.parse(textOf('result.json'));
    expect(result).toMatchObject({
      skill: 'count-lines',
      output: { counts: [2, 1_001] },
      files: [
        { name: '../NOTES: <b>all</b>', path: 'files/.%2E/NOTES%3A %3Cb%3Eall%3C/b%3E', size: 64 },
        {
          name: 'counts.csv',
          path: 'files/counts.csv',
          sha256: Buffer.from(sha256(bytesOf('files/counts.csv'))).toString('hex'),
        },
      ],
      citations: [
        { key: 'citations/00001', path: 'files/notes.txt', quote: 'Second line, é.', byteStart: 12, byteEnd: 28 },
        { key: 'citations/00002', path: 'files/long.txt', quote: 'The last line of all.' },
      ],
    });
    expect(Object.keys(result)).toEqual(['citations', 'digest', 'files', 'needId', 'output', 'skill']);
  });

  it('says what it shows', () => {
    const { proven: said, ok, artifacts } = provenReport(proven());
    expect([ok, artifacts]).toEqual([true, car.blocks.length]);
    const text = said.join('\n');
    expect(text).toMatch(/All 2 citations stand byte for byte in the files that the need names; all \d+ blocks/);
    expect(text).toMatch(/the value fits the JSON Schema of the need, judged again/);
    expect(text).toMatch(/result.json, report.md and the 2 of files\/ are exactly what was committed/);
    expect(text).not.toMatch(/quotes|brief|judged again from/);
  });

  it('says what it does not show', () => {
    const not = provenReport(proven()).notProven.join('\n');
    expect(not).toMatch(/certificate check count-lines\/1 and the pinned module \(check\) agree: a committee ran them/);
    expect(not).toMatch(/That the input fits its schema: a committee judged so/);
    expect(not).toMatch(/line numbers of citations/);
    expect(not).not.toMatch(/quote|ranking/);
  });

  it('says that nothing but the shape was judged where nothing else was declared', async () => {
    const bare = await smallAgentContent({
      terms: { ...TERMS, checks: [], module: null },
      output: { ...OUTPUT, citations: [], files: new Map() },
    });
    const { proven: said, notProven } = provenReport(proven((await proofOf(bare)).files));
    expect(said.join('\n')).toMatch(/^All \d+ blocks are what their CIDs name\.$/m);
    expect(said).toContain('result.json and report.md say exactly what was committed, which has no files.');
    expect(notProven.join('\n')).toMatch(/right beyond its shape: the need declares no check and no module/);
    expect(notProven.join('\n')).not.toMatch(/line numbers/);
  });

  it('may be of a value that no record holds', async () => {
    const long = await smallAgentContent({
      output: { ...OUTPUT, value: { counts: [1, 2], ratio: 0.5, text: 'x'.repeat(50_000) } },
    });
    expect(proven((await proofOf(long)).files).result.ok).toBe(true);
  });

  it('is replayed, explained and added up as any other', () => {
    const options = { crypto };
    const replayed = replay(log.genesis, log.entries, options);
    expect(replayed).toMatchObject({ entries: 12, digest: JSON.parse(textOf('result.json')).digest });
    expect(ledgerOf(log.genesis, log.entries, options)).toMatchObject({ sum: 0n, disagreements: [], broken: null });
    expect(explain(log.genesis, log.entries, 1, options)).toMatchObject({
      ok: true,
      explanation: { verb: 'NEED', accepted: true },
    });
  });
});

describe('a file of an agent’s result', () => {
  it.each([
    ['result.json', { line: 1 }],
    ['report.md', { line: 41 }],
    ['files/counts.csv', {}],
  ])('%s must be what was committed', (path, where) => {
    const last = bytesOf(path).slice();
    last[last.length - 40] = (last.at(-40) ?? 0) ^ 1;
    const changes = [last, bytesOf(path).slice(0, -1), Buffer.concat([bytesOf(path), utf8(' ')]), new Uint8Array()];
    for (const bytes of changes)
      expect(fault({ [path]: bytes })).toMatchObject({ file: path, code: 'not_what_was_committed' });
    expect(fault({ [path]: last })).toMatchObject(where);
  });

  it('must be there, and no other', () => {
    for (const path of ['result.json', 'report.md', 'files/counts.csv']) {
      const lacking = new Map(files);
      lacking.delete(path);
      expect(fault({}, lacking)).toMatchObject({ file: path, code: 'missing_file' });
    }
    expect(fault({ 'files/more.csv': utf8('') })).toMatchObject({ file: 'files/more.csv', code: 'extra_file' });
    expect(proven(withFiles(files, { 'brief.md': utf8('of somebody else') })).result.ok).toBe(true);
  });
});

describe('the blocks of an agent’s result', () => {
  const held = (blocks: readonly Block[]) => ({ artifacts: writeCar(car.roots, blocks) });

  it('hold the terms whole, so that a stranger judges again', () => {
    const terms = buildTerms(TERMS, sha256).blocks.map(({ cid }) => cid);
    expect(terms.length).toBe(4);
    for (const cid of terms) expect(car.blocks.some((block) => block.cid === cid)).toBe(true);
  });

  it.each(car.blocks.map((block, index) => [index, block.cid] as const))('lack none: %i', (index, cid) => {
    expect(fault(held(car.blocks.toSpliced(index, 1)))).toMatchObject({ code: 'block_missing', cid });
  });

  it('are no more: neither a stranger’s, nor an example’s, nor part of the input', async () => {
    const extra = small.blocks.filter(({ cid }) => !car.blocks.some((block) => block.cid === cid));
    expect(extra.length).toBeGreaterThan(2);
    for (const block of extra)
      expect(fault(held([...car.blocks, block]))).toMatchObject({ code: 'block_extra', cid: block.cid });
    const example = 'bafyreigkbpjp7ncpynvyy5ssnfqgcjyqyqxwxwdrb3hzlbl6blmb4xqfse' as Cid;
    const named = await proofOf(await smallAgentContent({ terms: { ...TERMS, example } }));
    expect(proven(named.files).artifacts.sources).toBe(false);
  });

  it('may be the input too', () => {
    expect(proven(whole.files).artifacts.sources).toBe(true);
    expect(whole.car.blocks.length).toBe(new Set(whole.small.blocks.map(({ cid }) => cid)).size);
    expect(provenReport(proven(whole.files)).proven).toContain('The input is in the proof whole.');
  });
});

/** Why content of this kind is not proven: what whoever writes it is told, and what a stranger finds who gets it all the same. */
async function refusal(content: SmallContent) {
  const { genesis, entries } = log;
  const { inputs, acceptance, goal, skill, outputs } = content.task;
  const facts = { genesis, entries, digest: '00', id: 'need' as never, requester: 'a' as never, worker: 'b' as never };
  const need = { inputs, acceptance, goal, skill } as never;
  const written = await resultFiles({ ...facts, need, outputs, includeSources: false }, content.content, sha256);
  return written.ok ? 'proven' : `${written.code}: ${written.detail}`;
}

describe('a result that is not proven', () => {
  const with_ = (change: Partial<BundleDraft>) => smallAgentContent({ output: { ...OUTPUT, ...change } });
  const withTerms = (change: Partial<TermsDraft>) => smallAgentContent({ terms: { ...TERMS, ...change } });
  const [first] = OUTPUT.citations;
  if (first === undefined) throw new Error('it cites');

  /** The same content under an acceptance made by hand. */
  async function underAcceptance(change: (acceptance: never) => object): Promise<SmallContent> {
    const content = await smallAgentContent();
    const bytes = await content.content.get(content.task.acceptance, { deadlineMs: 1_000, maxBytes: 20_000 });
    const parsed = parseAcceptance(bytes);
    if (!parsed.ok) throw new Error(parsed.code);
    const changed = encodeAcceptance({ ...parsed.acceptance, ...change(parsed.acceptance as never) });
    return { ...content, task: { ...content.task, acceptance: await content.content.put(changed, 'dag-cbor') } };
  }

  it('is proven unless something is changed', async () => {
    expect(await refusal(await smallAgentContent())).toBe('proven');
  });

  it('does not fit the kernel’s part of its schema', async () => {
    expect(await refusal(await with_({ value: { counts: [-1] } }))).toMatch(
      /^schema_violation: value: \/value\/counts\/0/,
    );
  });

  it('does not fit its schema where the kernel cannot tell', async () => {
    const terms = { ...TERMS, outputSchema: { type: 'object', not: { required: ['counts'] } } };
    expect(await refusal(await smallAgentContent({ terms }))).toMatch(
      /^output_unfit: the output does not fit its schema/,
    );
  });

  it('cites falsely', async () => {
    expect(await refusal(await with_({ citations: [{ ...first, byteStart: 0, byteEnd: 16 }] }))).toMatch(
      /^citation_false: citations\/00001: words_differ/,
    );
  });

  it('is of another skill, or under terms that are unsound', async () => {
    const content = await smallAgentContent();
    const other = { ...content, task: { ...content.task, skill: 'other' } };
    expect(await refusal(other)).toBe('terms_unsound: the acceptance is of another skill');
    expect(await refusal(await withTerms({ inputSchema: { $ref: '#' } }))).toMatch(/^terms_unsound: the input schema/);
    const trap = parseSchema({ type: 'object' });
    const trapped = await underAcceptance(() => ({ schemas: { value: trap } }));
    expect(await refusal(trapped)).toMatch(/^terms_unsound: what the need demands of records does not follow/);
  });

  it('is of no kind that is known, or under terms in another form', async () => {
    expect(await refusal(await underAcceptance(() => ({ checker: 'canswarm/other/1' })))).toBe(
      'kind_unknown: what "canswarm/other/1" judges is no kind of result known here',
    );
    expect(await refusal(await underAcceptance(() => ({ tier: 6 })))).toBe(
      'acceptance_invalid: it is not that of an agent in its one form',
    );
  });

  it('is no bundle, or several', async () => {
    const content = await smallAgentContent();
    const second = await publishBundle(content.content, { ...OUTPUT, citations: [] }, sha256);
    const { outputs } = content.task;
    const task = { ...content.task, outputs: [...outputs, second] };
    expect(await refusal({ ...content, task })).toBe('not_a_bundle: an agent gives one artifact, not 2');
    const input = { ...content, task: { ...content.task, outputs: [{ cid: second.cid, leaves: 99 }] } };
    expect(await refusal(input)).toMatch(/^not_a_bundle: it has \d+ leaves, not the 99 that were said/);
    const noBundle = await smallAgentContent();
    const brief = await smallProof();
    await noBundle.content.putBlocks(brief.small.blocks);
    const foreign = {
      ...noBundle,
      task: { ...noBundle.task, inputs: brief.small.task.inputs, outputs: brief.small.task.outputs },
    };
    expect(await refusal(foreign)).toMatch(/^not_a_bundle: it has not one value/);
  });

  it('is named so by a stranger too', async () => {
    const terms = { ...TERMS, outputSchema: { type: 'object', not: { required: ['counts'] } } };
    const content = await smallAgentContent({ terms });
    await expect(proofOf(content)).rejects.toThrow(/output_unfit/);
    // Blocks of a result that was committed otherwise than it is handed over.
    expect(
      fault({ artifacts: whole.files.get('proof/artifacts.car') ?? utf8('') }, (await smallProof()).files),
    ).toMatchObject({
      file: 'artifacts.car',
      code: 'roots_other',
    });
  });
});

describe('judging again', () => {
  const again = (from = whole, change: Partial<Parameters<typeof judgeByTermsAgain>[2]> = {}) => {
    const { final, artifacts } = proven(from.files);
    const signal = new AbortController().signal;
    return judgeByTermsAgain(final, artifacts, { folder: null, out: '/', tools: TOOLS, sha256, signal, ...change });
  };

  it('needs nothing but the proof', async () => {
    const judged = await again();
    expect(judged).toMatchObject({
      ok: true,
      sentence:
        'The work was judged again from the blocks of the proof alone, as a seat does it: the schemas of input and output, the citations, the certificate check count-lines/1 and the pinned module (check). It passes.',
    });
    const report = provenReport({ ...proven(whole.files), again: 'Judged again.' });
    expect(report.proven.at(-1)).toBe('Judged again.');
    expect(report.notProven.join('\n')).not.toMatch(/committee ran|committee judged|That the input fits/);
  });

  it('runs the module in the sandbox of this software too', async () => {
    const { sandbox } = judgingTools();
    expect(await again(whole, { tools: { ...TOOLS, sandbox } })).toMatchObject({ ok: true });
    const output = { ...OUTPUT, value: { counts: [3, 1_001] } };
    const wrong = await proofOf(await smallAgentContent({ output }), true);
    expect(await again(wrong, { tools: { ...TOOLS, sandbox } })).toMatchObject({ code: 'not_accepted_again' });
  });

  it('finds what a committee passed and should not have', async () => {
    const wrong = await proofOf(
      await smallAgentContent({ output: { ...OUTPUT, value: { counts: [2, 1_002] } } }),
      true,
    );
    expect(await again(wrong)).toMatchObject({
      ok: false,
      code: 'not_accepted_again',
      file: 'result.json',
      detail: 'judged again the result is fail: count-lines/1: long.txt has 1001 lines, not 1002',
    });
    const wrongly = await proofOf(
      await smallAgentContent({ output: { ...OUTPUT, value: { counts: [3, 1_001] } } }),
      true,
    );
    expect(await again(wrongly)).toMatchObject({
      code: 'not_accepted_again',
      detail: expect.stringMatching(/the pinned check says no/),
    });
    const misfit = await proofOf(await smallAgentContent({ input: { ...INPUT, value: 'no object' } }), true);
    expect(await again(misfit)).toMatchObject({
      code: 'undecidable_again',
      detail: expect.stringMatching(/the input does not fit its schema/),
    });
  });

  it('says what it lacks', async () => {
    const lacking = await again(await smallAgentProof());
    expect(lacking).toMatchObject({
      ok: false,
      code: 'inputs_not_whole',
      file: 'artifacts.car',
      cid: expect.any(String),
    });
    expect(await again(whole, { folder: '/tmp' })).toMatchObject({ code: 'reexecute_takes_no_folder' });
    expect(await again(whole, { tools: null })).toMatchObject({ code: 'no_judging_tools' });
    const none = { ...TOOLS, checks: new CertificateChecks([]) };
    expect(await again(whole, { tools: none })).toMatchObject({
      code: 'undecidable_again',
      detail: 'judged again the result is undecidable: this seat knows no check "count-lines/1"',
    });
  });

  it('decides nothing where this machine does not bring the module to its end', async () => {
    const sandbox = { run: () => Promise.reject(new SandboxError('deadline', 'slow')), close: async () => undefined };
    expect(await again(whole, { tools: { ...TOOLS, sandbox } })).toMatchObject({
      code: 'undecidable_again',
      detail: 'judged again the result is undecidable: deadline: slow',
    });
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(again(whole, { signal })).rejects.toThrow('enough');
  });

  it('is not done where a check breaks', async () => {
    const input = { ...INPUT, files: new Map([['notes.txt', INPUT.files.get('notes.txt') ?? utf8('')]]) };
    const content = await smallAgentContent({ input, output: { ...OUTPUT, citations: [] } });
    expect(await again(await proofOf(content, true))).toMatchObject({
      code: 'undecidable_again',
      detail: expect.stringMatching(/there is no file "long.txt"/),
    });
  });

  it('needs the input whole, whatever the citations show of it', async () => {
    const [cited] = OUTPUT.citations;
    const input = { ...INPUT, files: new Map([['notes.txt', INPUT.files.get('notes.txt') ?? utf8('')]]) };
    const output = { ...OUTPUT, value: { counts: [2] }, citations: cited === undefined ? [] : [cited] };
    const content = await smallAgentContent({ input, output, terms: { ...TERMS, checks: [] } });
    // All of its file is there, and its value is not.
    expect(await again(await proofOf(content))).toMatchObject({ code: 'inputs_not_whole' });
    expect(await again(await proofOf(content, true))).toMatchObject({ ok: true });
  });
});
