import { expect } from 'vitest';
import { SandboxError } from '../../index.ts';
import type { Check } from '../suite.ts';
import {
  body,
  expectAlive,
  expectFailure,
  failure,
  fuelOf,
  giving,
  MIB,
  outcome,
  run,
  type SandboxHarness,
  type Task,
} from './harness.ts';

/** Work without end, in code of the job and in single calls of the language's own functions. */
const ENDLESS = [
  ...[
    'for (;;);',
    'while (true) {}',
    'try { for (;;); } catch { return 1; }',
    'try { for (;;); } finally { return 1; }',
  ],
  'for (;;) try { for (;;); } catch {}',
  'const again = () => Promise.resolve().then(again); return again();',
  '(async () => { for (;;) await 0; })(); return 1;',
  'for (const n of (function* () { for (;;) yield 1; })()) n; return 1;',
  'return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);',
  'return Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);',
  'return Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1);',
  'return Array.prototype.reverse.call({ length: 2 ** 53 - 1 }).length;',
  'return Array.prototype.fill.call(new Proxy({ length: 2 ** 53 - 1 }, { set: () => true }), 1).length;',
  'const a = []; a.length = 2 ** 32 - 1; return a.sort().length;',
  'const a = []; a.length = 2 ** 32 - 1; return a.join("").length;',
  'return /^(a+)+$/.test("a".repeat(60) + "b");',
  'return "aaab".repeat(20000).replace(/(a*)*c/g, "").length;',
  'let n = 3n ** 20000n; for (;;) n = n * n % (7n ** 20000n);',
  'const s = "ab".repeat(100000); for (;;) s.indexOf("b".repeat(50000));',
  'for (;;) JSON.parse("[" + "1,".repeat(10000) + "1]");',
  'for (;;) new Uint8Array(1000000).fill(1).slice().sort();',
  'return String(new Proxy({}, { get: () => { for (;;); } }));',
  'return { get a() { for (;;); } };',
  'throw { get message() { for (;;); } };',
];

/** Ways to hold more and more. The result is small, so that it is the holding that ends them. */
const HOARDS = [
  'const a = []; for (;;) a.push({ n: a.length });',
  'const a = []; for (;;) a.push(new Uint8Array(100000));',
  'const a = []; for (;;) a.push("x".repeat(100000) + a.length);',
  'const m = new Map(); for (let n = 0; ; n += 1) m.set(n, n);',
  'const o = {}; for (let n = 0; ; n += 1) o["key" + n] = n;',
  'let f = () => 1; for (;;) { const g = f; f = () => g(); }',
  'let p = Promise.resolve(); for (;;) { const q = p; p = new Promise((r) => { r(q); }); }',
  'const a = []; for (;;) try { for (;;) a.push(new Array(1000).fill(1)); } catch {}',
  'return new Uint8Array(500000000).length;',
  'return "x".repeat(500000000).length;',
];

const DEEP = [
  'const f = () => f() + 1; return f();',
  'const o = { get x() { return this.x; } }; return o.x;',
  'const o = { toString() { return "" + o; } }; return "" + o;',
  'let a = []; for (let i = 0; i < 100000; i += 1) a = [a]; return JSON.stringify(a).length;',
  'let a = []; for (let i = 0; i < 100000; i += 1) a = [a]; return a.flat(Infinity).length;',
  'let a = []; for (let i = 0; i < 100000; i += 1) a = [a]; return String(a).length;',
  'let o = {}; for (let i = 0; i < 100000; i += 1) o = new Proxy(o, {}); return o.x === undefined;',
  'let o = {}; for (let i = 0; i < 100000; i += 1) o = new Proxy(o, {}); return Object.getPrototypeOf(o) === null;',
  'let o = {}; for (let i = 0; i < 100000; i += 1) o = new Proxy(o, {}); return Reflect.defineProperty(o, "a", { value: 1 });',
  'return JSON.parse("[".repeat(100000) + "]".repeat(100000)).length;',
  'return eval("(".repeat(100000) + "1" + ")".repeat(100000));',
  'return eval("[".repeat(100000) + "]".repeat(100000)).length;',
  'return eval("!".repeat(100000) + "1");',
  'return eval("a=>".repeat(50000) + "1").length;',
  'return new RegExp("(?:".repeat(100000) + ")".repeat(100000)).test("");',
  'let it = [1].values(); for (let i = 0; i < 100000; i += 1) it = it.map((x) => x); return it.next().value;',
  'const f = () => [2, 1].sort(f); return f().length;',
  'const f = () => "a".replace(/a/, f); return f();',
  'const f = () => f.apply(null, new Array(50000)); return f();',
];

const SMALL = giving('argument');

/** Jobs whose fuel is looked at closely, with results and without. */
const SAME: readonly Task[] = [
  SMALL,
  body('const m = new Map(); for (let i = 0; i < 5000; i += 1) m.set({ i }, i); return [...m.values()].sort().length;'),
  giving('/(a|b)*c/.test("ab".repeat(20)) || JSON.stringify(Array(2000).fill({ a: [1, "two"] })).length'),
  giving('files.missing.field'),
  { source: 'export const f = async () => { for (let i = 0; i < 1000; i += 1) await i; };' },
];

export const limitChecks: readonly Check<SandboxHarness>[] = [
  {
    name: 'takes the same fuel each time, and fails with one unit less',
    run: async (harness) => {
      for (const task of SAME) {
        const whole = await outcome(harness, task);
        const fuel = await fuelOf(harness, task);
        for (let again = 0; again < 5; again += 1) {
          expect(await outcome(harness, task, { fuel })).toEqual(whole);
          if (fuel > 1) await expectFailure(harness, task, 'fuel', { fuel: fuel - 1 });
        }
      }
    },
  },
  {
    name: 'takes more fuel for more work',
    run: async (harness) => {
      const works = [
        'for (let i = 0; i < N; i += 1);',
        '"x".repeat(N).indexOf("y")',
        'Array.prototype.indexOf.call({ length: N }, 1)',
      ];
      for (const work of works) {
        const fuel = (count: number) => fuelOf(harness, body(`${work.replace('N', String(count))}; return 1;`));
        const little = await fuel(100_000);
        const much = await fuel(300_000);
        expect(much).toBeGreaterThan(little * 2);
      }
    },
  },
  {
    name: 'ends endless work with its fuel, whoever does it and whatever would catch it',
    run: async (harness) => {
      const fuel = 300 * (await fuelOf(harness, SMALL));
      for (const code of ENDLESS) await expectFailure(harness, body(code), 'fuel', { fuel });
      await expectFailure(harness, { source: 'for (;;); export const f = 1;' }, 'fuel', { fuel });
      await expectAlive(harness);
    },
  },
  {
    name: 'ends what holds too much, whatever would catch it',
    run: async (harness) => {
      for (const code of HOARDS) await expectFailure(harness, body(code), 'memory', { memoryBytes: 8 * MIB });
      await expectAlive(harness);
    },
  },
  {
    name: 'gives the memory that it was told to, files not counted',
    run: async (harness) => {
      const hold = body(
        'const a = []; for (let i = 0; i < 8; i += 1) a.push(new Uint8Array(1048576).fill(i)); return a.length;',
      );
      expect(await run(harness, hold, { memoryBytes: 12 * MIB })).toBe(8);
      await expectFailure(harness, hold, 'memory', { memoryBytes: 4 * MIB });
      const files = new Map([['large', new Uint8Array(16 * MIB).fill(7)]]);
      const read = { ...giving('files.bytes("large").length'), files };
      expect(await run(harness, read, { memoryBytes: MIB })).toBe(16 * MIB);
      const waste = body('for (let i = 0; i < 500; i += 1) new Uint8Array(1048576).fill(i); return 1;');
      expect(await run(harness, waste, { memoryBytes: 8 * MIB })).toBe(1);
    },
  },
  {
    name: 'ends what calls itself too deep, and goes on',
    run: async (harness) => {
      for (const code of DEEP) {
        const error = await failure(harness, body(code));
        expect(error).toBeInstanceOf(SandboxError);
        expect(['memory', 'threw']).toContain((error as SandboxError).code);
        await expectAlive(harness);
      }
      const shallow = body('const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return f(500);');
      expect(await run(harness, shallow)).toBe(500);
    },
  },
  {
    name: 'ends a job at its deadline, whatever it does',
    run: async (harness) => {
      const works = [
        'for (;;);',
        'return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);',
        'return /^(a+)+$/.test("a".repeat(60) + "b");',
      ];
      for (const code of works) await expectFailure(harness, body(code), 'deadline', { deadlineMs: 50 });
      await expectAlive(harness);
    },
  },
  {
    name: 'holds nothing of jobs that are over',
    run: async (harness) => {
      const heavy = body('return new Uint8Array(8388608).fill(1).length;');
      const endless = body('const a = new Uint8Array(8388608).fill(1); for (;;) a[0] = 1;');
      const fuel = 2 * (await fuelOf(harness, heavy));
      const round = async (): Promise<void> => {
        for (let job = 0; job < 10; job += 1) {
          await run(harness, heavy);
          await expectFailure(harness, endless, 'fuel', { fuel });
          await harness.settle();
        }
      };
      await round();
      const before = process.memoryUsage().rss;
      for (let rounds = 0; rounds < 3; rounds += 1) await round();
      expect(process.memoryUsage().rss - before).toBeLessThan(256 * MIB);
    },
  },
];
