import { expect } from 'vitest';
import { utf8 } from '../fixtures.ts';
import type { Check } from '../suite.ts';
import { body, expectFailure, fuelOf, giving, run, type SandboxHarness } from './harness.ts';

/** The globals of ECMAScript 2025, without those that show time, other threads or when garbage is collected. */
const LANGUAGE: ReadonlySet<string> = new Set([
  ...['Infinity', 'NaN', 'undefined', 'globalThis', 'eval', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'escape'],
  ...[
    'decodeURI',
    'decodeURIComponent',
    'encodeURI',
    'encodeURIComponent',
    'unescape',
    'Object',
    'Function',
    'Boolean',
  ],
  ...['Symbol', 'Number', 'BigInt', 'Math', 'Date', 'String', 'RegExp', 'JSON', 'Array', 'ArrayBuffer', 'DataView'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['BigInt64Array', 'BigUint64Array', 'Float16Array', 'Float32Array', 'Float64Array', 'Map', 'Set', 'WeakMap'],
  ...['WeakSet', 'Promise', 'Proxy', 'Reflect', 'Iterator'],
]);

/** Ways from something that a job is given to what may lie around it. */
const WAYS_OUT = [
  ...[
    'globalThis',
    'Function("return this")()',
    'files',
    'files.names',
    'files.bytes',
    'files.text',
    'files.bytes("x")',
    'files.names()',
  ],
  ...['argument', '(async () => {})', '(function* () {})', '(async function* () {})', 'Object.getPrototypeOf(files)'],
  '(() => { try { files.text("missing"); } catch (error) { return error; } })()',
];

const FORBIDDEN = [
  'process',
  'require',
  'fetch',
  'setTimeout',
  'performance',
  'console',
  'WebAssembly',
  'Worker',
  'Intl',
];

/** What a job could leave behind, and how a later one would see it. */
const TRACES: readonly (readonly [leave: string, see: string])[] = [
  ['globalThis.left = 1', 'typeof left'],
  ['var left2 = 1; eval("var left3 = 1"); (0, eval)("var left4 = 1; let left5 = 1")', 'typeof left4 + typeof left5'],
  ['Object.prototype.left = 1', '({}).left === undefined'],
  ['Array.prototype.map = () => 1', '[1].map((x) => x + 1).length'],
  ['JSON.stringify = () => "1"; JSON.parse = () => 1', 'JSON.stringify([argument])'],
  ['Promise.prototype.then = 1; Promise.resolve = 1', 'typeof Promise.prototype.then + typeof Promise.resolve'],
  ['Object.defineProperty(Object.prototype, "0", { set() {} })', '"0" in {}'],
  ['Symbol.iterator in Array.prototype; delete Array.prototype[Symbol.iterator]', '[...[1, 2]].length'],
  ['Symbol.for("left").description', 'Symbol.keyFor(Symbol.for("left"))'],
  ['/(.)/.exec("left")', 'String(RegExp.$1)'],
  ['files.bytes("x").fill(0)', 'Array.from(files.bytes("x"))'],
  ['files.bytes("x").buffer.transfer()', 'files.bytes("x").length'],
  ['files.names().push("left")', 'files.names()'],
  ['argument.list.push(1)', 'argument.list.length'],
];

const files = new Map([['x', utf8('xyz')]]);
const argument = { list: [] };

export const isolationChecks: readonly Check<SandboxHarness>[] = [
  {
    name: 'has nothing but the language',
    run: async (harness) => {
      const globals = await run(harness, giving('Reflect.ownKeys(globalThis).map(String)'));
      expect((globals as string[]).filter((name) => !LANGUAGE.has(name))).toEqual([]);
      for (const way of WAYS_OUT) {
        const code = `
          const Make = (${way}).constructor.constructor;
          return ${JSON.stringify(FORBIDDEN)}.map((name) => Make('return typeof ' + name)());`;
        const types = await run(harness, { ...body(code), argument, files });
        expect(types).toEqual(FORBIDDEN.map(() => 'undefined'));
      }
    },
  },
  {
    name: 'has no clock and no randomness, and says so to who asks',
    run: async (harness) => {
      for (const clock of [
        'Date()',
        'new Date()',
        'Date.now()',
        'new Date(0).constructor.now()',
        'Reflect.construct(Date, [])',
      ]) {
        const { message } = await expectFailure(harness, giving(`String(${clock})`), 'threw');
        expect(message).toMatch(/clock/);
      }
      const { message } = await expectFailure(harness, giving('Math.random()'), 'threw');
      expect(message).toMatch(/random/);
      const dates = await run(
        harness,
        giving('[new Date(86400000).toISOString(), new Date(2024, 1, 29).getTime(), Date.UTC(2024, 1, 29)]'),
      );
      const leapDay = Date.UTC(2024, 1, 29);
      expect(dates).toEqual(['1970-01-02T00:00:00.000Z', leapDay, leapDay]);
    },
  },
  {
    name: 'imports nothing, and says so',
    run: async (harness) => {
      for (const module of ['node:fs', 'fs', './other.js', 'data:text/javascript,export default 1', '', 'module.js']) {
        const source = `import * as other from '${module}';\nexport const f = () => typeof other;`;
        expect((await expectFailure(harness, { source }, 'source')).message).toMatch(/import/);
        const dynamic = giving(`import('${module}').then((other) => typeof other)`);
        expect((await expectFailure(harness, dynamic, 'threw')).message).toMatch(/import/);
      }
      await expectFailure(harness, { source: "export * from 'node:fs';" }, 'source');
    },
  },
  {
    name: 'keeps nothing of an earlier job, however that one ended',
    run: async (harness) => {
      const fuel = 100 * (await fuelOf(harness, giving('1')));
      for (const [leave, see] of TRACES) {
        const look = { ...giving(see), argument, files };
        const before = await run(harness, look);
        await run(harness, { ...body(`${leave};\nreturn null;`), argument, files }).catch(() => null);
        await expectFailure(harness, { ...body(`${leave};\nfor (;;);`), argument, files }, 'fuel', { fuel });
        expect(await run(harness, look)).toEqual(before);
      }
      expect(files).toEqual(new Map([['x', utf8('xyz')]]));
      expect(argument).toEqual({ list: [] });
    },
  },
];
