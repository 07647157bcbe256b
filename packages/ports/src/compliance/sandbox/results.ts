import { expect } from 'vitest';
import { type JsonValue, SANDBOX_VALUE_BYTES_MAX, SANDBOX_VALUE_DEPTH_MAX } from '../../index.ts';
import { utf8 } from '../fixtures.ts';
import type { Check } from '../suite.ts';
import { body, expectAlive, expectFailure, giving, run, type SandboxHarness } from './harness.ts';

const VALUES: readonly JsonValue[] = [
  ...[null, true, false, 0, -1, 0.1, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, -Number.MAX_VALUE],
  ...['', 'text', 'ż 日本 😀', 'quote " backslash \\ line \n zero \u0000 separator \u2028', 'half a pair \ud83d'],
  ...[[], [[]], [1, [2, 'three'], null], {}, { a: { b: [] } }],
  JSON.parse('{"":1,"2":"two","ż":null,"toString":1,"then":2,"__proto__":{"x":1},"constructor":null}'),
  JSON.parse(`${'['.repeat(SANDBOX_VALUE_DEPTH_MAX)}${']'.repeat(SANDBOX_VALUE_DEPTH_MAX)}`),
  'x'.repeat(SANDBOX_VALUE_BYTES_MAX - 2),
];

/** What is no JSON value, or no value of a sandbox, though JSON.stringify would make something of most of them. */
const NO_RESULTS = [
  ...['undefined', '() => 1', 'class {}', 'Symbol()', '1n', 'NaN', '-Infinity', 'Object(1n)', 'new Date(0)', '/x/'],
  ...['new Map()', 'new Error("x")', 'new Uint8Array(2)', 'new (class A {})()', 'Object(1)'],
  ...['[undefined]', '[, 1]', '{ a: undefined }', '{ a: [{ b: () => 1 }] }', '[NaN]'],
  ...['(() => { const a = []; a[0] = a; return a; })()', '(() => { const a = {}; a.b = { a }; return a; })()'],
  `JSON.parse('['.repeat(${SANDBOX_VALUE_DEPTH_MAX + 1}) + ']'.repeat(${SANDBOX_VALUE_DEPTH_MAX + 1}))`,
  `'x'.repeat(${SANDBOX_VALUE_BYTES_MAX - 1})`,
  `'é'.repeat(${SANDBOX_VALUE_BYTES_MAX / 2})`,
  '(() => { let a = ["x".repeat(50000)]; for (let i = 0; i < 60; i += 1) a = [a, a]; return a; })()',
];

const NO_UTF8 = [
  ...[
    [0x80],
    [0xc3],
    [0xc3, 0x28],
    [0xc0, 0xaf],
    [0xe2, 0x82],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f, 0x98],
  ],
  ...[[0xf4, 0x90, 0x80, 0x80], [0xff], [0x41, 0xfe, 0x41], new Array(40_000).fill(0x80)],
];

const files = new Map([
  ['z.txt', utf8('last')],
  ['', utf8('')],
  ['😀', utf8('\ufeffmark, \u0000 zero, ż 日本 😀')],
  ['\uffff', Uint8Array.of(0, 127, 128, 255)],
  ['__proto__', utf8('é'.repeat(70_000))],
  ['10', utf8('ten')],
  ['9', utf8('nine')],
]);

export const resultChecks: readonly Check<SandboxHarness>[] = [
  {
    name: 'takes and gives JSON values of all kinds',
    run: async (harness) => {
      for (const argument of VALUES) expect(await run(harness, { ...giving('argument'), argument })).toEqual(argument);
      expect(await run(harness, giving('Object.assign(Object.create(null), { a: -0 })'))).toEqual({ a: 0 });
    },
  },
  {
    name: 'calls the export that is named',
    run: async (harness) => {
      const source = `
        const hidden = () => 'hidden';
        export const first = () => 'first';
        export default function () { return 'default'; }
        export { hidden as 'any text: ż' };
        export const then = () => 'then';
        export const that = function () { return this === undefined; };`;
      for (const call of ['first', 'default', 'then']) expect(await run(harness, { source, call })).toBe(call);
      expect(await run(harness, { source, call: 'any text: ż' })).toBe('hidden');
      expect(await run(harness, { source, call: 'that' })).toBe(true);
      for (const call of ['hidden', 'toString', '', '__proto__'])
        await expectFailure(harness, { source, call }, 'source');
    },
  },
  {
    name: 'waits for promises, but only as far as they get by themselves',
    run: async (harness) => {
      const source = 'export const f = async () => { for (let i = 0; i < 500; i += 1) await i; return ["done"]; };';
      expect(await run(harness, { source })).toEqual(['done']);
      expect(await run(harness, giving('{ then(resolve) { resolve(Promise.resolve(7)); } }'))).toBe(7);
      await expectFailure(harness, giving('Promise.reject(new Error("no"))'), 'threw');
      await expectFailure(harness, giving('new Promise(() => {})'), 'result');
      await expectFailure(harness, giving('{ then() {} }'), 'result');
      await expectAlive(harness);
    },
  },
  {
    name: 'gives out files by name, as bytes and as text',
    run: async (harness) => {
      const names = [...files.keys()].sort((left, right) => (left < right ? -1 : 1));
      expect(await run(harness, { ...giving('files.names()'), files })).toEqual(names);
      expect(await run(harness, { ...giving('files.names()'), files: new Map([...files].reverse()) })).toEqual(names);
      const read = body(`
        const bytes = files.bytes(argument);
        return [bytes instanceof Uint8Array, bytes.length, Array.from(bytes.subarray(0, 100))];`);
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      for (const [argument, bytes] of files) {
        const expected = [true, bytes.length, Array.from(bytes.subarray(0, 100))];
        expect(await run(harness, { ...read, argument, files })).toEqual(expected);
        if (argument === '\uffff') continue;
        const text = await run(harness, { ...giving('files.text(argument)'), argument, files });
        expect(text).toBe(decoder.decode(bytes));
      }
      for (const name of ['"no"', '"toString"', '"Z.txt"', 'undefined', '9', '[""]']) {
        await expectFailure(harness, { ...giving(`files.bytes(${name}).length`), files }, 'threw');
        await expectFailure(harness, { ...giving(`files.text(${name})`), files }, 'threw');
      }
      for (const bytes of NO_UTF8) {
        const damaged = new Map([['x', Uint8Array.from(bytes)]]);
        await expectFailure(harness, { ...giving('files.text("x")'), files: damaged }, 'threw');
      }
    },
  },
  {
    name: 'refuses results that are no JSON values, too long or too deep',
    run: async (harness) => {
      for (const value of NO_RESULTS) await expectFailure(harness, giving(value), 'result');
      await expectAlive(harness);
    },
  },
];
