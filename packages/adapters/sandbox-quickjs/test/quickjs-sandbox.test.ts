import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { SandboxError, type SandboxJob, type SandboxLimits } from '@canswarm/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickjsSandbox } from '../src/index.ts';

const LIMITS: SandboxLimits = { fuel: 1_000_000_000, memoryBytes: 33_554_432, deadlineMs: 60_000 };
const sandbox = quickjsSandbox();

function jobOf(expression: string, files = new Map<string, Uint8Array>()): SandboxJob {
  return { source: `export const f = (argument, files) => ${expression};`, call: 'f', argument: null, files };
}

/** The outcomes of the jobs in a thread of their own. */
async function inThread(jobs: readonly SandboxJob[], resourceLimits: ResourceLimits = {}): Promise<unknown> {
  const workerData = { jobs, limits: LIMITS };
  const worker = new Worker(new URL('./fixtures/runner.ts', import.meta.url), { workerData, resourceLimits });
  try {
    const [outcomes] = await once(worker, 'message', { signal: AbortSignal.timeout(60_000) });
    return outcomes;
  } finally {
    await worker.terminate();
  }
}

describe('quickjsSandbox', () => {
  it('takes the fuel that every node takes: another engine or guest is another measure', async () => {
    const letters = new Map([['x', Uint8Array.of(98, 97)]]);
    const jobs = [
      [jobOf('null'), 3_738],
      [jobOf('{ let n = 0; for (let i = 0; i < 1000; i += 1) n += i; return n; }'), 25_252],
      [jobOf('JSON.stringify(files.text("x").split("").sort().map((c) => ({ c })))', letters), 8_315],
    ] as const;
    for (const [job, fuel] of jobs) {
      await expect(sandbox.run(job, { ...LIMITS, fuel: fuel - 1 })).rejects.toMatchObject({ code: 'fuel' });
      await sandbox.run(job, { ...LIMITS, fuel });
    }
  });

  it('does in a thread what it does elsewhere', async () => {
    const deep = jobOf('{ const g = () => g(); return g(); }');
    const sum = jobOf('Array.from({ length: 1000 }, (_, i) => i ** 0.5).reduce((a, b) => a + b)');
    const jobs = [sum, deep, jobOf('JSON.parse("[".repeat(1e5))'), jobOf('eval("(".repeat(1e5))'), sum];
    const [first, ...others] = (await inThread(jobs)) as unknown[];
    expect(first).toBe(await sandbox.run(sum, LIMITS));
    expect(others).toEqual(['memory', 'memory', 'memory', first]);
  });

  it('says nothing of a job that the stack of its thread is too small for', async () => {
    const deep = jobOf('eval("(".repeat(1e5))');
    const outcomes = await inThread([jobOf('1'), deep, jobOf('2')], { stackSizeMb: 0.5 });
    expect(outcomes).toEqual([1, 'deadline', 2]);
  });

  it('knows no time zone and no time', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Kathmandu';
    try {
      const job = jobOf('[new Date(2024, 0, 1).getTime(), new Date(0).getTimezoneOffset(), String(new Date(0))]');
      expect(new Date(0).getTimezoneOffset()).not.toBe(0);
      expect(await sandbox.run(job, LIMITS)).toEqual([1_704_067_200_000, 0, 'Thu Jan 01 1970 00:00:00 GMT+0000']);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('reads text as TextDecoder does, of any bytes', async () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.array(byte, { maxLength: 6 }).map((each) => Uint8Array.from(each)),
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
    );
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const source = `export const f = (_, files) => files.names().map((name) => {
      try { return files.text(name); } catch { return null; }
    });`;
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 100, maxLength: 200 }), async (contents) => {
        const files = new Map(contents.map((each, index) => [String(index).padStart(4, '0'), each]));
        const expected = contents.map((each) => {
          try {
            return decoder.decode(each);
          } catch {
            return null;
          }
        });
        expect(await sandbox.run({ ...jobOf(''), source, files }, LIMITS)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('reads text across the borders of its pieces', async () => {
    for (const shift of [0, 1, 2, 3]) {
      const text = `${'x'.repeat(shift)}${'😀'.repeat(10_000)}é`;
      const job = jobOf('files.text("x")', new Map([['x', new TextEncoder().encode(text)]]));
      expect(await sandbox.run(job, LIMITS)).toBe(text);
    }
  });

  it('tells the result as it is, whatever the job has done to the language', async () => {
    const source = `
      const broken = () => { throw new Error('taken'); };
      export const f = () => {
        const { defineProperty } = Object;
        const targets = [JSON, Reflect, Object, Array, String, String.prototype, Array.prototype, Promise, Promise.prototype];
        const keys = targets.map(Reflect.ownKeys);
        for (let i = 0; i < targets.length; i += 1) {
          for (let j = 0; j < keys[i].length; j += 1) {
            try { targets[i][keys[i][j]] = broken; } catch {}
          }
        }
        defineProperty(Object.prototype, 'toJSON', { get: broken });
        defineProperty(Array.prototype, '0', { get: broken, set: broken });
        globalThis.Array = globalThis.Error = globalThis.SyntaxError = globalThis.JSON = null;
        return { a: ['b', { c: -1.5 }] };
      };`;
    expect(await sandbox.run({ ...jobOf(''), source }, LIMITS)).toEqual({ a: ['b', { c: -1.5 }] });
  });

  it('gives what memory there is to one job after another', async () => {
    const hold = jobOf(
      '{ const a = []; for (let i = 0; i < 30; i += 1) a.push(new Uint8Array(1e6).fill(i)); return a.length; }',
    );
    for (let again = 0; again < 20; again += 1) expect(await sandbox.run(hold, LIMITS)).toBe(30);
    await expect(sandbox.run(hold, { ...LIMITS, memoryBytes: 1_000_000 })).rejects.toBeInstanceOf(SandboxError);
  });
});
