import { SandboxError } from '@canswarm/ports';
import { encodeAcceptance, linkOf, parseAcceptance, utf8 } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTerms, type TermsDraft } from '../../src/acceptance/agent-acceptance.ts';
import type { BundleDraft } from '../../src/bundle/bundle.ts';
import { CertificateChecks } from '../../src/checks/certificates.ts';
import { evaluateByTerms } from '../../src/checks/evaluate.ts';
import { citationOf } from '../support/citation.ts';
import { fails, passes, undecidable } from '../support/outcomes.ts';
import { sha256 } from '../support/sha256.ts';
import { bundleOf, DOUBLE, doubles, tools, Work } from '../support/work.ts';

const INPUT = bundleOf({ n: 4 }, { 'a.txt': 'four\nand é more\n' });
const RIGHT = bundleOf({ twice: 8 });
const cited = citationOf('a.txt', 'four\nand é more\n', 'and é');
const checked: TermsDraft = { ...DOUBLE, checks: ['double/1'] };
const pinned = (source: string, mode: 'check' | 'reexecute' | 'bound', boundBps: number | null = null): TermsDraft => ({
  ...DOUBLE,
  module: { source, mode, boundBps },
});

const judge = (draft: TermsDraft, output: BundleDraft = RIGHT, input: BundleDraft = INPUT) =>
  new Work().judge(draft, input, output);

describe('work by its schema alone', () => {
  it('passes when it fits', async () => {
    expect(await judge(DOUBLE)).toEqual(passes);
    expect(await judge(DOUBLE, bundleOf({ twice: 9, more: 0.5 }, { 'x/y': 'z' }, [cited, cited]))).toEqual(passes);
  });

  it('fails when its value does not fit, and says where', async () => {
    expect(await judge(DOUBLE, bundleOf({ twice: 1_001 }))).toEqual(
      fails(
        'the output does not fit its schema: /twice: 1001 is greater than 1000.; Property "twice" does not match schema.',
      ),
    );
  });

  it.each([
    [
      'words that stand elsewhere',
      { ...cited, byteStart: cited.byteStart - 1, byteEnd: cited.byteEnd - 1 },
      'words_differ',
    ],
    ['another hash', { ...cited, sha256: sha256(utf8('')) }, 'sha256_differs'],
    ['another document', { ...cited, document: citationOf('a.txt', 'and é', 'and é').document }, 'document_differs'],
    ['a file that is not there', { ...cited, path: 'files/b.txt' }, 'no_such_path'],
    ['an input that is not there', { ...cited, input: 1 }, 'no_such_input'],
    ['more than the document has', { ...cited, byteStart: 100, byteEnd: 106 }, 'outside_document'],
  ])('fails when it cites %s', async (_name, citation, reason) => {
    const outcome = await judge(DOUBLE, bundleOf({ twice: 8 }, {}, [cited, citation]));
    expect(outcome).toEqual(fails(`citations/00002: ${reason}`));
  });

  it('gives eight reasons at most, each of 256 bytes at most', async () => {
    const many = await judge(DOUBLE, bundleOf({ twice: 8 }, {}, Array(20).fill({ ...cited, path: 'files/b' })));
    expect(many.reasons).toHaveLength(8);
    const properties = { ['é'.repeat(400)]: { type: 'null' } };
    const long = await judge({ ...DOUBLE, outputSchema: { properties } }, bundleOf({ ['é'.repeat(400)]: 1 }));
    expect(long.verdict).toBe('fail');
    for (const reason of long.reasons) {
      expect(utf8(reason).length).toBeLessThanOrEqual(256);
      expect(reason.isWellFormed()).toBe(true);
    }
  });

  it('fails when nobody can say whether it fits: an honest worker would have seen that', async () => {
    const draft = { ...DOUBLE, outputSchema: { items: { $ref: '#' }, contains: { $ref: '#' } } };
    const nested = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`);
    expect(await judge(draft, bundleOf(nested))).toEqual(
      fails(/^the output does not fit its schema: .* needs more than/),
    );
  }, 120_000);
});

describe('a certificate check', () => {
  it('passes right work and fails wrong work with its own reason', async () => {
    expect(await judge(checked)).toEqual(passes);
    expect(await judge(checked, bundleOf({ twice: 9 }))).toEqual(fails('double/1: 9 is not twice 4'));
  });

  it('catches every wrong result that is planted, and no right one', async () => {
    const work = new Work();
    const twice = fc.integer({ min: -50, max: 50 });
    await fc.assert(
      fc.asyncProperty(twice, fc.integer({ min: -20, max: 20 }), async (result, n) => {
        const { verdict } = await work.judge(checked, bundleOf({ n }), bundleOf({ twice: result }));
        expect(verdict).toBe(result === 2 * n ? 'pass' : 'fail');
      }),
      {
        numRuns: 100,
        examples: [
          [8, 4],
          [9, 4],
          [-8, 4],
        ],
      },
    );
  });

  it('that this seat does not know decides nothing', async () => {
    expect(await judge({ ...DOUBLE, checks: ['other/1'] })).toEqual(undecidable('this seat knows no check "other/1"'));
  });

  it('comes after the schema and before the next', async () => {
    const draft = { ...DOUBLE, checks: ['double/1', 'other/1'] };
    expect(await judge(draft, bundleOf({ twice: 9 }))).toEqual(fails('double/1: 9 is not twice 4'));
    expect(await judge(draft, bundleOf({}))).toEqual(fails(/does not fit its schema/));
  });

  it('of a name that another has is a defect', () => {
    expect(() => new CertificateChecks([doubles, doubles])).toThrow('two certificate checks are named double/1');
    expect(tools.checks.names()).toEqual(['double/1']);
  });
});

describe('a pinned module that checks', () => {
  const check = (body: string) => pinned(`export default (work, files) => ${body};`, 'check');

  it.each([
    ['true', 'true', passes],
    ['no reasons', '[]', passes],
    ['a record of no reasons', '({ reasons: [] })', passes],
    ['what is right', 'work.output.twice === 2 * work.input.n', passes],
    ['files of both sides', "files.names().join() === 'input/a.txt'", passes],
    ['false', 'false', fails('the pinned check says no')],
    ['reasons', '["one", "two"]', fails('one', 'two')],
    ['many reasons', 'Array(20).fill("no")', fails(...Array(8).fill('no'))],
  ])('says %s', async (_name, body, outcome) => {
    expect(await judge(check(body))).toEqual(outcome);
  });

  it.each([
    ['nonsense', 'null', /^the pinned check gives neither true, false nor a list of reasons$/],
    ['reasons that are none', '[1]', /^the pinned check gives neither/],
    ['no JSON', 'undefined', /^the pinned module gives nothing \(result\)/],
    ['an error', '{ throw new Error("broken") }', /^the pinned module gives nothing \(threw\): .*broken/],
    ['and goes on for ever', '{ for (;;); }', /^the pinned module gives nothing \(fuel\)/],
  ])('says %s, and so nothing is decided', async (_name, body, reason) => {
    expect(await judge(check(body))).toEqual(undecidable(reason));
  });

  it('is no module, and so nothing is decided', async () => {
    expect(await judge(pinned('export default (', 'check'))).toEqual(undecidable(/gives nothing \(source\)/));
    expect(await judge(pinned('export function other() {}', 'check'))).toEqual(undecidable(/\(source\)/));
  });

  it('is no text, and so nothing is decided', async () => {
    const work = new Work();
    const { cid, blocks } = buildTerms(check('true'), sha256);
    const parsed = parseAcceptance(blocks.find((block) => block.cid === cid)?.bytes ?? utf8(''));
    if (!parsed.ok) throw new Error(parsed.code);
    await work.content.putBlocks(blocks);
    const source = await work.content.put(Uint8Array.of(0xff, 0xfe), 'raw');
    const { acceptance } = parsed;
    const module = {
      source: { cid: linkOf(source), size: 2 },
      mode: 'check',
      boundBps: null,
    };
    const other = encodeAcceptance({ ...acceptance, params: { ...acceptance.params, module } });
    const task = work.task(await work.content.put(other, 'dag-cbor'), [await work.publish(INPUT)]);
    const outcome = await evaluateByTerms(work.result(task, [await work.publish(RIGHT)]), work.context, tools);
    expect(outcome).toEqual(undecidable('the pinned module is no text'));
  });

  it('is given no more than it takes: too large an output is the worker’s fault, too large an input is not', async () => {
    const files = new Map([['big', new Uint8Array(33_554_433)]]);
    expect(await judge(check('true'), { ...RIGHT, files })).toEqual(
      fails('the output has 33554443 bytes of files and their names, and the pinned module takes 33554432'),
    );
    expect(await judge(check('true'), RIGHT, { ...INPUT, files })).toEqual(
      undecidable('the input has 33554442 bytes of files and their names, and the pinned module takes 33554432'),
    );
    const long = 'x'.repeat(2_097_152);
    expect(await judge(check('true'), bundleOf({ twice: 8, long }))).toEqual(
      fails(/^the output has a value of 2097173 bytes as JSON, and the pinned module takes 2097088$/),
    );
    expect(await judge(check('true'), RIGHT, bundleOf({ n: 4, long }))).toEqual(
      undecidable(/^the input has a value of/),
    );
  });
});

describe('a pinned module that does the work again', () => {
  const again = pinned(
    'export default ({ n }) => ({ twice: 2 * n });'.replace('{ n }', '{ input: { n } }'),
    'reexecute',
  );

  it('passes the same output, however its keys are ordered, and fails another', async () => {
    expect(await judge(again)).toEqual(passes);
    const two = pinned('export default ({ input }) => ({ more: 1, twice: 2 * input.n });', 'reexecute');
    expect(await judge(two, bundleOf({ twice: 8, more: 1 }))).toEqual(passes);
    expect(await judge(again, bundleOf({ twice: 9 }))).toEqual(fails('done again, the work gives another output'));
    expect(await judge(again, bundleOf({ twice: 8, more: 1 }))).toEqual(fails(/another output/));
  });
});

describe('a pinned module that bounds', () => {
  const bound = (score: string, boundBps: number, execute = '({ twice: 2 * input.n })') =>
    pinned(
      `export function execute({ input }) { return ${execute}; }\nexport function score({ output }) { return ${score}; }`,
      'bound',
      boundBps,
    );

  it('passes what scores near its own output', async () => {
    expect(await judge(bound('output.twice', 9_000), bundleOf({ twice: 8 }))).toEqual(passes);
    expect(await judge(bound('output.twice * 100', 8_750), bundleOf({ twice: 7 }))).toEqual(passes);
    expect(await judge(bound('output.twice', 10_000), bundleOf({ twice: 9 }))).toEqual(passes);
    expect(await judge(bound('0', 10_000), bundleOf({ twice: 1 }))).toEqual(passes);
  });

  it('fails what scores less, or has no score', async () => {
    expect(await judge(bound('output.twice', 9_000), bundleOf({ twice: 7 }))).toEqual(
      fails('it scores 7, and 90 % of 8 is due'),
    );
    expect(await judge(bound('output.twice === 8 ? 1 : -1', 1), bundleOf({ twice: 7 }))).toEqual(
      fails('the pinned module gives the output no score'),
    );
  });

  it('decides nothing where it does not score its own output, or cannot be run', async () => {
    const outcome = undecidable('the pinned module does not score its own output by a whole number');
    expect(await judge(bound('0.5', 1))).toEqual(outcome);
    expect(await judge(bound('-1', 1))).toEqual(outcome);
    expect(await judge(pinned('export function execute() { return 1; }', 'bound', 1))).toEqual(
      undecidable(/\(source\)/),
    );
  });

  it('says nothing where this machine does not bring it to an end', async () => {
    const late = new SandboxError('deadline', 'too slow here');
    const sandbox = { run: () => Promise.reject(late), close: async () => undefined };
    await expect(new Work().judge(bound('1', 1), INPUT, RIGHT, { ...tools, sandbox })).rejects.toBe(late);
  });

  it('decides nothing where the sandbox does not take its arguments', async () => {
    const refuses = async (): Promise<never> => {
      throw new RangeError('an argument has at most 9 bytes');
    };
    const sandbox = { run: refuses, close: async () => undefined };
    const outcome = await new Work().judge(bound('1', 1), INPUT, RIGHT, { ...tools, sandbox });
    expect(outcome).toEqual(undecidable('the pinned module cannot be run: an argument has at most 9 bytes'));
  });
});
