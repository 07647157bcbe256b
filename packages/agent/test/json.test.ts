import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, jsonFault, parseJson } from '../src/json.ts';

class Point {
  readonly x = 1;
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

function cycle(): unknown {
  const list: unknown[] = [];
  list.push({ list });
  return list;
}

describe('what is no JSON', () => {
  it.each([
    ['a date', { when: new Date(0) }, '/when is a Date, not a plain object'],
    ['an instance of a class', [new Point()], '/0 is a Point, not a plain object'],
    ['a map', new Map(), 'the value is a Map, not a plain object'],
    ['bytes', { bytes: new Uint8Array(2) }, '/bytes is a Uint8Array, not a plain object'],
    ['a cycle', cycle(), '/0/list contains itself'],
    ['not a number', [Number.NaN], '/0 is no finite number'],
    ['infinity', Number.NEGATIVE_INFINITY, 'the value is no finite number'],
    ['half a character', '\ud83d', 'the value is no well-formed text'],
    ['half a character in a key', { '\udc00': 1 }, ' has a key that is no well-formed text'],
    ['undefined', undefined, 'the value is undefined'],
    ['undefined in a list', [1, undefined], '/1 is undefined'],
    ['a hole in a list', Array(1), '/0 is undefined'],
    ['a function', { f: () => 1 }, '/f is a function'],
    ['a symbol', Symbol('s'), 'the value is a symbol'],
    ['a bigint', { n: 1n }, '/n is a bigint'],
    ['too deep', nested(65), `${'/0'.repeat(64)} is nested deeper than 64`],
  ])('%s is named', (_name, value, fault) => {
    expect(jsonFault(value)).toBe(fault);
  });
});

describe('what is JSON', () => {
  it.each([
    ['what nests as deep as may be', nested(64)],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['an object of another realm', runInNewContext('({ a: [1] })')],
    ['a field that is undefined, which is no field', { a: undefined }],
    ['the same object twice, which is no cycle', ((one) => [one, one])({ a: 1 })],
    ['names of prototypes', JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}')],
  ])('%s has no fault', (_name, value) => {
    expect(jsonFault(value)).toBeNull();
  });

  it('has one text, and that gives it back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const text = canonicalJson(plain);
        expect(jsonFault(plain)).toBeNull();
        expect(parseJson(text)).toStrictEqual(plain);
        expect(canonicalJson(parseJson(` ${JSON.stringify(plain, null, 1)}\n`) ?? null)).toBe(text);
      }),
    );
  });

  it('keeps a key named __proto__', () => {
    const value = parseJson('{"b": 1, "__proto__": {"a": 2}}') ?? null;
    expect(canonicalJson(value)).toBe('{"__proto__":{"a":2},"b":1}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('is read from text, and nothing else is', () => {
    for (const text of ['', '{', '[1,]', 'NaN', '"\\ud800"', `${'['.repeat(65)}${']'.repeat(65)}`])
      expect(parseJson(text)).toBeUndefined();
    expect(parseJson(' [1] ')).toEqual([1]);
  });
});
