import { quickjsSandbox } from '@canswarm/sandbox-quickjs';
import { realWorld, type SandboxHarness } from '../../src/compliance/index.ts';
import {
  type JsonValue,
  type Sandbox,
  SandboxError,
  type SandboxErrorCode,
  type SandboxJob,
  type SandboxLimits,
} from '../../src/index.ts';

export type SandboxFault =
  | 'rounds numbers'
  | 'calls the default'
  | 'takes open promises for null'
  | 'lists files as they came'
  | 'reads any bytes as text'
  | 'leaves out what is no JSON'
  | 'lets the process in'
  | 'lets the function maker out'
  | 'has a clock'
  | 'imports nothing and says nothing'
  | 'shares its globals'
  | 'shares its files'
  | 'is generous now and then'
  | 'has one price'
  | 'lets code catch the end'
  | 'calls want of fuel a deadline'
  | 'gives any memory'
  | 'counts files'
  | 'gives back what is too much'
  | 'crashes when it is deep'
  | 'has no deadline'
  | 'keeps what jobs held'
  | 'calls every module sound'
  | 'passes messages on whole'
  | 'takes anything'
  | 'works after its close';

const NOTHING = {
  source: 'export const f = () => null;',
  call: 'f',
  argument: null,
  files: new Map(),
} satisfies SandboxJob;
const ENOUGH: SandboxLimits = { fuel: 100_000_000, memoryBytes: 67_108_864, deadlineMs: 60_000 };

/** What a fault makes of a job before it runs. */
function spoiled(job: SandboxJob, fault: SandboxFault | null, before: readonly SandboxJob[]): SandboxJob {
  const prefixed = (code: string): SandboxJob => ({ ...job, source: `${code};${job.source}` });
  switch (fault) {
    case 'calls the default':
      return job.source.includes('export default') ? { ...job, call: 'default' } : job;
    case 'lists files as they came':
      return { ...job, source: job.source.replace('files.names()', JSON.stringify([...job.files.keys()])) };
    case 'reads any bytes as text':
      return { ...job, source: job.source.replace('files.text("x")', '"some text"') };
    case 'lets the process in':
      return prefixed('globalThis.process = {}');
    case 'lets the function maker out':
      return prefixed(`
        const constructor = { value: { constructor: () => () => "object" } };
        Object.defineProperties(Object.getPrototypeOf(function* () {}), { constructor })`);
    case 'has a clock':
      return prefixed('Date.now = () => 1');
    case 'imports nothing and says nothing':
      return { ...job, source: job.source.replace(/^import .*\n/, 'const other = {};\n') };
    case 'shares its globals':
      return before.some(({ source }) => source.includes('globalThis.left')) ? prefixed('globalThis.left = 1') : job;
    case 'shares its files': {
      const wiped = before.some(({ source }) => source.includes('fill(0)')) && job.files.has('x');
      return wiped ? { ...job, files: new Map([['x', new Uint8Array(3)]]) } : job;
    }
    case 'lets code catch the end':
      return /try \{ for \(;;\);? \}/.test(job.source) ? NOTHING : job;
    default:
      return job;
  }
}

/** What a fault makes of the limits. */
function loosened(
  limits: SandboxLimits,
  { files }: SandboxJob,
  fault: SandboxFault | null,
  runs: number,
): SandboxLimits {
  switch (fault) {
    case 'is generous now and then':
      return { ...limits, fuel: Math.min(Number.MAX_SAFE_INTEGER, limits.fuel + (runs % 2)) };
    case 'has one price':
      return limits.fuel < 10_000 ? limits : { ...limits, fuel: Math.max(limits.fuel, ENOUGH.fuel) };
    case 'gives any memory':
      return { ...limits, memoryBytes: ENOUGH.memoryBytes };
    case 'counts files': {
      const held = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
      if (held > limits.memoryBytes) throw new SandboxError('memory', 'the toy counts files');
      return limits;
    }
    default:
      return limits;
  }
}

/** For each of these faults the code that it makes of another one, or the result. */
const MISTAKEN: Partial<Record<SandboxFault, readonly [SandboxErrorCode, SandboxErrorCode | null]>> = {
  'takes open promises for null': ['result', null],
  'leaves out what is no JSON': ['result', null],
  'calls want of fuel a deadline': ['fuel', 'deadline'],
  'gives back what is too much': ['memory', null],
  'has no deadline': ['deadline', 'fuel'],
  'calls every module sound': ['source', null],
};

/** What a fault makes of an error. */
function mistaken(error: unknown, fault: SandboxFault | null): JsonValue {
  if (error instanceof RangeError && fault === 'takes anything') return null;
  if (!(error instanceof SandboxError) || fault === null) throw error;
  if (fault === 'crashes when it is deep' && error.code === 'memory') throw new RangeError(error.message);
  if (fault === 'passes messages on whole') throw new SandboxError(error.code, error.message.padEnd(5000, '.'));
  const [from, to] = MISTAKEN[fault] ?? [];
  if (error.code !== from || to === undefined) throw error;
  if (to === null) return null;
  throw new SandboxError(to, error.message);
}

function rounded(value: JsonValue): JsonValue {
  return typeof value === 'number' ? Math.round(value) : value;
}

/** The real engine, since only an engine is sound; its faults are put around it. */
export function toySandbox(fault: SandboxFault | null): SandboxHarness {
  const engine = quickjsSandbox();
  const before: SandboxJob[] = [];
  const held: Uint8Array[] = [];
  let runs = 0;
  const sandbox: Sandbox = {
    async run(job, limits) {
      runs += 1;
      if (fault === 'keeps what jobs held') held.push(new Uint8Array(16_777_216).fill(1));
      try {
        const result = await engine.run(spoiled(job, fault, before), loosened(limits, job, fault, runs));
        return fault === 'rounds numbers' ? rounded(result) : result;
      } catch (error) {
        return mistaken(error, fault);
      } finally {
        if (fault?.startsWith('shares its')) before.push(job);
      }
    },
    async close() {
      if (fault !== 'works after its close') await engine.close();
    },
  };
  return { ...realWorld(() => engine.close(), { boundMs: 60_000, settleMs: 1 }), sandbox };
}
