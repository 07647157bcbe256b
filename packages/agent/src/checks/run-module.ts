import { type JsonValue, type Sandbox, SandboxError, type SandboxErrorCode, type SandboxLimits } from '@canswarm/ports';
import type { PinnedModule } from '../acceptance/agent-acceptance.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { canonicalJson, isRecord } from '../json.ts';
import { gatherFiles, tooMuchForModule } from './gather-files.ts';

const MIB = 1_048_576;
/** Longest that a seat waits for one call of a pinned module, ms. */
export const MODULE_MS_MAX = 60_000;
/** What a pinned module may use, the same for every seat (`spec/12-agents.md`, pinned modules). */
const MODULE_LIMITS: SandboxLimits = { fuel: 2_000_000_000, memoryBytes: 64 * MIB, deadlineMs: MODULE_MS_MAX };
/** Ends that say nothing about the module: on another machine it might have been judged. */
const OF_THIS_MACHINE: ReadonlySet<SandboxErrorCode> = new Set(['deadline', 'closed']);
const REASONS_MAX = 8;
const BPS = 10_000;

/** What a module finds: reasons why the work is wrong (none: it is right), or why it cannot tell. */
export type ModuleFinding = { readonly reasons: readonly string[] } | { readonly cannotTell: string };

export interface ModuleWork {
  readonly input: Bundle;
  readonly output: Bundle;
  readonly source: string;
  /** Most that a call may take, ms, asked before each. */
  readonly callMs: () => number;
}

/**
 * Judges work by a module that the need pins. A module that throws, is none, gives nonsense or wants more than it may use cannot tell:
 * that is no fault of the worker. An output of more than modules are given is. Rejects where this machine does not bring it to an end.
 */
export async function judgeByModule(
  sandbox: Sandbox,
  { mode, boundBps }: PinnedModule,
  work: ModuleWork,
): Promise<ModuleFinding> {
  const given = tooMuchForModule('input', work.input);
  if (given !== null) return { cannotTell: given };
  const made = tooMuchForModule('output', work.output);
  if (made !== null) return { reasons: [made] };
  const gathered = await gatherFiles(work);
  const run = (call: string, argument: JsonValue): Promise<JsonValue> => {
    const deadlineMs = Math.max(1, Math.floor(Math.min(MODULE_MS_MAX, work.callMs())));
    return sandbox.run({ source: work.source, call, argument, files: gathered }, { ...MODULE_LIMITS, deadlineMs });
  };
  try {
    switch (mode) {
      case 'check':
      case 'judge':
        return checked(await run('default', { input: work.input.value, output: work.output.value }));
      case 'reexecute':
        return same(await run('default', { input: work.input.value }), work.output.value);
      case 'bound': {
        const own = await run('execute', { input: work.input.value });
        const due = await run('score', { input: work.input.value, output: own });
        const got = await run('score', { input: work.input.value, output: work.output.value });
        return bounded(got, due, boundBps ?? BPS);
      }
    }
  } catch (error) {
    // Its own output, in a bound, may be more than it can be given back.
    if (error instanceof RangeError) return { cannotTell: `the pinned module cannot be run: ${error.message}` };
    if (!(error instanceof SandboxError) || OF_THIS_MACHINE.has(error.code)) throw error;
    return { cannotTell: `the pinned module gives nothing (${error.code}): ${error.message}` };
  }
}

function checked(value: JsonValue): ModuleFinding {
  if (value === true) return { reasons: [] };
  if (value === false) return { reasons: ['the pinned check says no'] };
  const listed = Array.isArray(value)
    ? value
    : isRecord(value) && Array.isArray(value['reasons'])
      ? value['reasons']
      : undefined;
  if (listed === undefined || !listed.every((reason) => typeof reason === 'string'))
    return { cannotTell: 'the pinned check gives neither true, false nor a list of reasons' };
  return { reasons: listed.slice(0, REASONS_MAX) };
}

function same(own: JsonValue, output: JsonValue): ModuleFinding {
  return canonicalJson(own) === canonicalJson(output)
    ? { reasons: [] }
    : { reasons: ['done again, the work gives another output'] };
}

/** Scores are whole numbers, 0 or more: the higher, the better. */
function bounded(got: JsonValue, due: JsonValue, boundBps: number): ModuleFinding {
  const isScore = (value: JsonValue): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  if (!isScore(due)) return { cannotTell: 'the pinned module does not score its own output by a whole number' };
  if (!isScore(got)) return { reasons: ['the pinned module gives the output no score'] };
  return BigInt(got) * BigInt(BPS) >= BigInt(due) * BigInt(boundBps)
    ? { reasons: [] }
    : { reasons: [`it scores ${got}, and ${boundBps / 100} % of ${due} is due`] };
}
