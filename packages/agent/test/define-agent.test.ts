import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import { defineAgent, isAgent } from '../src/define-agent.ts';
import type { AgentInfo, AnySkill } from '../src/definition.ts';
import type { JsonSchema } from '../src/schema/schema-like.ts';
import { jsonSchemaOf, validateBy } from '../src/schema/standard-schema.ts';

const skill: AnySkill = {
  id: 'word-count',
  description: 'Counts words.',
  inputSchema: { type: 'string' },
  outputSchema: { type: 'integer' },
  price: 0.5,
  execute: () => 1,
};

/** Defines without the compiler's help, as JavaScript does. */
const define = (change: object, info: object = {}, more: readonly unknown[] = []) =>
  defineAgent({ name: 'counter', ...info, skills: [{ ...skill, ...change }, ...more] } as never);

/** A Standard Schema of a library that also gives JSON Schema: text that becomes a number. */
const numeral = (jsonSchema: unknown): StandardSchemaV1<string, number> & StandardJSONSchemaV1<string, number> =>
  ({
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) =>
        typeof value === 'string' && /^[0-9]+$/.test(value)
          ? { value: Number(value) }
          : { issues: [{ message: 'no numeral', path: ['a', { key: 0 }] }, { message: 'at all' }] },
      jsonSchema,
    },
  }) as never;

const both = { input: () => ({ type: 'string' }), output: () => ({ type: 'number' }) };

describe('an agent', () => {
  it('has its skills by id', () => {
    const agent = defineAgent({ name: 'a-1', version: '2', skills: [skill, { ...skill, id: 'x/y.z' }] });
    expect(agent).toMatchObject({
      name: 'a-1',
      version: '2',
      skills: { 'word-count': skill, 'x/y.z': { id: 'x/y.z' } },
    });
    expect(isAgent(agent)).toBe(true);
    expect([null, 1, {}, { name: 'a' }, { name: 'a', skills: 1 }].some(isAgent)).toBe(false);
  });

  it.each<[string, Partial<AgentInfo> | object, RegExp]>([
    ['without a name', { name: undefined }, /an agent's name is 1 to 32 of a-z, 0-9 and "-", .* not undefined/],
    ['with a name of capitals', { name: 'Counter' }, /not "Counter"/],
    ['with a name that begins with a dash', { name: '-a' }, /not "-a"/],
    ['with a long name', { name: 'a'.repeat(33) }, /not "a+"/],
    ['without skills', { skills: [] }, /the agent "counter" has 1 to 8 skills/],
    ['with nine', { skills: Array(9).fill(skill) }, /has 1 to 8 skills/],
    ['with skills that are no list', { skills: { skill } }, /has 1 to 8 skills/],
    ['with a skill twice', { skills: [skill, skill] }, /the agent "counter" has two skills "word-count"/],
  ])('%s is none', (_name, change, message) => {
    const defining = () => defineAgent({ name: 'counter', skills: [skill], ...change } as never);
    expect(defining).toThrow(TypeError);
    expect(defining).toThrow(message);
  });
});

describe('a skill', () => {
  it.each<[string, object, RegExp]>([
    ['without an id', { id: undefined }, /a skill of "counter" has no id/],
    ['with an id of spaces', { id: 'a b' }, /a skill of "counter" has no id: 1 to 64/],
    ['without a description', { description: ' ' }, /the skill "word-count" of "counter" has no description/],
    ['with a long description', { description: 'é'.repeat(1_025) }, /has more than 2048 bytes/],
    [
      'without an input schema',
      { inputSchema: undefined },
      /^inputSchema of the skill .* is neither a Standard Schema/,
    ],
    ['with a schema that is a list', { outputSchema: [] }, /^outputSchema of the skill .* is neither/],
    ['with a schema that is unfit', { outputSchema: { $ref: '#' } }, /outputSchema .*: refers to itself/],
    ['with a schema that is no JSON', { outputSchema: { const: new Date(0) } }, /as JSON Schema \/const is a Date/],
    [
      'with a long schema',
      { outputSchema: { title: 'x'.repeat(262_144) } },
      /262156 bytes as JSON Schema, more than 262144/,
    ],
    ['that does nothing', { execute: undefined }, /does nothing: give it execute/],
    ['that works for no price', { price: undefined }, /executes but has no price/],
    ['that goes down to more than its price', { floor: 1_000 }, /the floor of .* at most its price/],
    ['that goes down to nothing', { floor: 0 }, /the floor of .* is more than nothing/],
    ['that works for nothing', { price: 0 }, /the price of .* is nothing/],
    ['that works for what is no amount', { price: -1 }, /the price of .*: -1 is no amount/],
    ['with a share beyond all', { plan: { share: 1.5 } }, /share of .* is a part of the worker's price/],
    ['with a share that is no number', { plan: { share: Number.NaN } }, /share of/],
    ['that joins without work', { execute: undefined, plan: { share: 0 }, joins: true }, /has no execute/],
    ['that divides by no function', { plan: { share: 0, divide: 'halves' as never } }, /divides by a function/],
    ['of a library without JSON Schema', { inputSchema: numeral(undefined) }, /gives no JSON Schema .* Zod 4.2/],
    ['of one side only', { outputSchema: numeral({ input: both.input }) }, /gives no JSON Schema/],
    [
      'of a library that cannot write it',
      {
        inputSchema: numeral({
          input: () => {
            throw new Error('a Map');
          },
        }),
      },
      /cannot be written as JSON Schema: a Map/,
    ],
    ['of a library that writes none', { inputSchema: numeral({ input: () => true }) }, /gives no JSON Schema object/],
  ])('%s is none', (_name, change, message) => {
    expect(() => define(change)).toThrow(TypeError);
    expect(() => define(change)).toThrow(message);
  });

  it('may only verify, or only plan, without a price', () => {
    const idle = { execute: undefined, price: undefined };
    expect(() => define({ ...idle, verify: () => true })).not.toThrow();
    expect(() => define({ ...idle, plan: { share: 0 } })).not.toThrow();
  });

  it('may be of any library that gives JSON Schema', () => {
    expect(() => define({ inputSchema: numeral(both), outputSchema: numeral(both) })).not.toThrow();
    expect(jsonSchemaOf(numeral(both), 'output')).toEqual({ ok: true, schema: { type: 'number' } });
  });
});

describe('a value', () => {
  it('is read by a library as that does it, and its faults are told', async () => {
    expect(await validateBy(numeral(both), '12')).toEqual({ ok: true, value: 12 });
    expect(await validateBy(numeral(both), 12)).toEqual({
      ok: false,
      faults: [
        { path: '/a/0', reason: 'no numeral' },
        { path: '', reason: 'at all' },
      ],
    });
  });

  it('is judged by a JSON Schema as it is', async () => {
    const schema: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };
    expect(await validateBy(schema, { a: 'x' })).toEqual({ ok: true, value: { a: 'x' } });
    expect(await validateBy(schema, { a: 1 })).toMatchObject({ ok: false, faults: [{ path: '/a' }, { path: '' }] });
    expect(await validateBy({ $ref: '#' }, 1)).toMatchObject({
      ok: false,
      faults: [{ reason: expect.stringMatching(/refers to itself/) }],
    });
    expect(Object.getOwnPropertyNames(schema)).toEqual(['type', 'additionalProperties']);
  });
});
