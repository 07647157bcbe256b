import {
  type Acceptance,
  BLOCK_BYTES_MAX,
  buildFile,
  cidOf,
  encodeAcceptance,
  linkOf,
  parseAcceptance,
  parseSchema,
  utf8,
} from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT_CHECKER, buildTerms, readTerms, type TermsDraft } from '../../src/acceptance/agent-acceptance.ts';
import { soundTerms, termsFor, UnsoundTermsError, withinLimit } from '../../src/acceptance/sound-terms.ts';
import { canonicalJson } from '../../src/json.ts';
import type { JsonSchema } from '../../src/schema/schema-like.ts';
import { sha256 } from '../support/sha256.ts';
import { DOUBLE } from '../support/work.ts';

const bytesOf = ({ cid, blocks }: ReturnType<typeof buildTerms>): Uint8Array =>
  blocks.find((block) => block.cid === cid)?.bytes ?? utf8('');

const schemas = fc
  .constantFrom<JsonSchema>(true as never, { type: 'object' }, DOUBLE.outputSchema)
  .filter((one) => typeof one === 'object');
const checkName = fc.constantFrom('double/1', 'a', 'tables/2', 'x.y-z/10');
const module = fc.oneof(
  fc.record({ source: fc.string(), mode: fc.constantFrom('check', 'reexecute'), boundBps: fc.constant(null) }),
  fc.record({ source: fc.string(), mode: fc.constant('bound'), boundBps: fc.integer({ min: 1, max: 10_000 }) }),
) as fc.Arbitrary<NonNullable<TermsDraft['module']>>;
const draft: fc.Arbitrary<TermsDraft> = fc.record({
  skill: fc.constantFrom('double', 'a/b.c'),
  inputSchema: schemas,
  outputSchema: schemas,
  checks: fc.uniqueArray(checkName, { maxLength: 4 }),
  module: fc.option(module),
  example: fc.option(fc.constant(cidOf(utf8('example'), 'dag-cbor', sha256))),
});

describe('terms', () => {
  it('are read back as they were built, and hold the blocks that they name', () => {
    fc.assert(
      fc.property(draft, (given) => {
        const built = buildTerms(given, sha256);
        const read = readTerms(bytesOf(built));
        const { skill, checks, module: pinned, example } = given;
        const files = [given.inputSchema, given.outputSchema].map((schema) =>
          buildFile(utf8(canonicalJson(schema as never)), sha256),
        );
        const source = pinned === null ? null : buildFile(utf8(pinned.source), sha256);
        expect(read?.acceptance.example).toEqual(example);
        expect(read?.terms).toEqual({
          skill,
          checks,
          inputSchema: { cid: files[0]?.cid, size: files[0]?.size },
          outputSchema: { cid: files[1]?.cid, size: files[1]?.size },
          module:
            pinned === null
              ? null
              : { source: { cid: source?.cid, size: source?.size }, mode: pinned.mode, boundBps: pinned.boundBps },
        });
        const held = new Set(built.blocks.map(({ cid }) => cid));
        for (const file of [...files, ...(source === null ? [] : [source])])
          for (const { cid } of file.blocks) expect(held.has(cid)).toBe(true);
        expect(buildTerms(given, sha256).cid).toBe(built.cid);
      }),
    );
  });

  it.each([
    ['only the schema', [], null, 1],
    ['certificates', ['double/1'], null, 2],
    ['a check of the requester', [], { source: '', mode: 'check', boundBps: null }, 2],
    ['a matter of judgement', [], { source: '', mode: 'judge', boundBps: null }, 6],
    ['a bound', [], { source: '', mode: 'bound', boundBps: 9_000 }, 2],
    ['the work done again', ['double/1'], { source: '', mode: 'reexecute', boundBps: null }, 3],
  ] as const)('with %s have their tier', (_name, checks, pinned, tier) => {
    const built = buildTerms({ ...DOUBLE, checks, module: pinned }, sha256);
    expect(readTerms(bytesOf(built))?.acceptance).toMatchObject({ tier, checker: AGENT_CHECKER });
  });

  it('name a check once', () => {
    expect(buildTerms({ ...DOUBLE, checks: ['a', 'a'] }, sha256).terms.checks).toEqual(['a']);
  });

  it('of the largest schemas fit a block', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`property ${index}`, { type: 'string' }]),
    );
    const built = buildTerms({ ...DOUBLE, outputSchema: { type: 'object', properties } }, sha256);
    expect(bytesOf(built).length).toBeLessThan(BLOCK_BYTES_MAX);
    expect(readTerms(bytesOf(built))).toBeDefined();
  });

  it.each<[string, Partial<TermsDraft>]>([
    ['nine checks', { checks: Array.from({ length: 9 }, (_, index) => `c${index}`) }],
    ['a check without a name', { checks: [''] }],
    ['a check with a name of many kinds', { checks: ['A b'] }],
    ['a bound that is none', { module: { source: '', mode: 'bound', boundBps: null } }],
    ['a bound of nothing', { module: { source: '', mode: 'bound', boundBps: 0 } }],
    ['a bound of more than all', { module: { source: '', mode: 'bound', boundBps: 10_001 } }],
    ['a bound on a check', { module: { source: '', mode: 'check', boundBps: 5 } }],
    ['a module that is too long', { module: { source: 'x'.repeat(1_048_577), mode: 'check', boundBps: null } }],
  ])('are not built with %s', (_name, change) => {
    expect(() => buildTerms({ ...DOUBLE, ...change }, sha256)).toThrow(RangeError);
  });
});

const built = buildTerms(
  { ...DOUBLE, checks: ['a', 'b'], module: { source: '1', mode: 'check', boundBps: null } },
  sha256,
);
const parsed = parseAcceptance(bytesOf(built));
if (!parsed.ok) throw new Error(parsed.code);
const { acceptance } = parsed;
const { params } = acceptance;
const raw = linkOf(cidOf(utf8('raw'), 'raw', sha256));
const changed = (change: Partial<Acceptance>): Uint8Array => encodeAcceptance({ ...acceptance, ...change });
const schema = parseSchema({ type: 'integer' });
if (schema === undefined) throw new Error('a schema');

describe('terms in any other form are none', () => {
  it.each<[string, Partial<Acceptance>]>([
    ['of another checker', { checker: 'canswarm/brief/1' }],
    ['of another tier', { tier: 3 }],
    ['that demand nothing of the value', { schemas: {} }],
    ['that demand more of the output', { schemas: { ...acceptance.schemas, '*': schema } }],
    ['with another param', { params: { ...params, more: 1 } }],
    ['without a skill', { params: { ...params, skill: null } }],
    ['with a schema that is no file', { params: { ...params, inputSchema: { cid: acceptance.example, size: 1 } } }],
    ['with a file that says more', { params: { ...params, inputSchema: { cid: raw, size: 3, more: 1 } } }],
    ['with a file of a negative size', { params: { ...params, inputSchema: { cid: raw, size: -1 } } }],
    ['with a leaf that is too long', { params: { ...params, inputSchema: { cid: raw, size: 16_385 } } }],
    [
      'with a record for a file',
      { params: { ...params, inputSchema: { cid: linkOf(cidOf(utf8('r'), 'dag-cbor', sha256)), size: 3 } } },
    ],
    ['with checks that are none', { params: { ...params, checks: ['a', 1] } }],
    ['with a check twice', { params: { ...params, checks: ['a', 'a'] } }],
    ['with nine checks', { params: { ...params, checks: [...'abcdefghi'] } }],
    [
      'with a module of another mode',
      { params: { ...params, module: { source: { cid: raw, size: 3 }, mode: 'x', boundBps: null } } },
    ],
    [
      'with a module that lacks its bound',
      { params: { ...params, module: { source: { cid: raw, size: 3 }, mode: 'check' } } },
    ],
    [
      'with a bound on a check',
      { params: { ...params, module: { source: { cid: raw, size: 3 }, mode: 'check', boundBps: 1 } } },
    ],
  ])('%s', (_name, change) => {
    expect(readTerms(changed({}))).toBeDefined();
    expect(readTerms(changed(change))).toBeUndefined();
  });

  it('when they are no acceptance', () => {
    expect(readTerms(utf8('none'))).toBeUndefined();
  });
});

describe('terms are unsound', () => {
  const text = (given: JsonSchema): Uint8Array => utf8(canonicalJson(given as never));
  const input = text(DOUBLE.inputSchema);
  const output = text(DOUBLE.outputSchema);
  const read = termsFor('double', bytesOf(built));

  it('unless everything is as it should be', () => {
    const { judgeInput, judgeOutput, terms } = soundTerms(read, { input, output });
    expect(terms).toEqual(read.terms);
    expect([judgeInput({ n: 1 }), judgeOutput({ twice: 2 })]).toEqual([[], []]);
    expect(judgeInput({ n: 'one' }).length * judgeOutput({}).length).toBeGreaterThan(0);
  });

  it.each<[string, Uint8Array, Uint8Array, RegExp]>([
    ['with a schema that is no text', Uint8Array.of(0xff), output, /the input schema of the need is none/],
    ['with a schema that is no JSON', input, utf8('{'), /the output schema of the need is none/],
    ['with a schema that is no object', utf8('true'), output, /the input schema of the need is none/],
    ['with a schema that is unfit', text({ $ref: '#' }), output, /input schema of the need is unfit: refers to itself/],
    ['with another output schema', input, text({ type: 'object' }), /does not follow from its output schema/],
  ])('%s', (_name, given, made, message) => {
    expect(() => soundTerms(read, { input: given, output: made })).toThrow(UnsoundTermsError);
    expect(() => soundTerms(read, { input: given, output: made })).toThrow(message);
  });

  it('where they would let honest work be challenged', () => {
    const trap = parseSchema({
      type: 'object',
      properties: { value: { const: 5 } },
      required: ['value'],
      additionalProperties: false,
    });
    if (trap === undefined) throw new Error('a schema');
    const terms = termsFor('double', changed({ schemas: { value: trap } }));
    expect(() => soundTerms(terms, { input, output })).toThrow('what the need demands of records does not follow');
  });

  it('of another skill, of no agent, with a schema that is too long', () => {
    expect(() => termsFor('other', bytesOf(built))).toThrow(
      new UnsoundTermsError('the acceptance is of another skill'),
    );
    expect(() => termsFor('double', utf8(''))).toThrow(new UnsoundTermsError('the acceptance is not that of an agent'));
    expect(() => withinLimit({ cid: raw.cid, size: 262_145 })).toThrow('more than 262144 bytes');
    expect(withinLimit({ cid: raw.cid, size: 262_144 })).toMatchObject({ size: 262_144 });
  });
});
