/** A value of JSON (RFC 8259), numbers finite. Text is UTF-16 as JSON.parse gives it, keys may be any text, `__proto__` included. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Longest source of a module, in bytes of UTF-8. */
export const SANDBOX_SOURCE_BYTES_MAX = 1_048_576;
/** Longest name of a function to call, in UTF-16 units. */
export const SANDBOX_CALL_LENGTH_MAX = 256;
/** Most files of one job. */
export const SANDBOX_FILES_MAX = 65_536;
/** Most bytes of all files of one job together, their names in UTF-8 included. */
export const SANDBOX_FILES_BYTES_MAX = 67_108_864;
/** Longest argument or result as JSON text, in bytes of UTF-8. */
export const SANDBOX_VALUE_BYTES_MAX = 4_194_304;
/** Most lists and objects within each other in an argument or result. */
export const SANDBOX_VALUE_DEPTH_MAX = 128;
/** Most memory that a job may be given. */
export const SANDBOX_MEMORY_BYTES_MAX = 1_073_741_824;
/** Longest message of a SandboxError, in UTF-16 units. */
export const SANDBOX_MESSAGE_LENGTH_MAX = 1024;

/** One call of a function of somebody's module. */
export interface SandboxJob {
  /** An ES module that imports nothing and awaits nothing at its top level. Well-formed text. */
  readonly source: string;
  /** The exported function to call, `default` included. Well-formed text. */
  readonly call: string;
  /** Its first argument. Read once, before the job begins. */
  readonly argument: JsonValue;
  /**
   * Its second argument reads these by name: `files.names()` (ascending by UTF-16 units, whatever the order here),
   * `files.bytes(name)` (a Uint8Array), `files.text(name)` (of UTF-8, a byte order mark being a character like any other).
   * Each throws for a name that is none, `text` where the bytes are no UTF-8. Names are well-formed text.
   */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface SandboxLimits {
  /**
   * Work it may do, an integer >= 1 in units of the engine. The same job takes the same on every machine, and has its result with
   * exactly that much and `fuel` with one unit less.
   */
  readonly fuel: number;
  /** Bytes it may hold at a time, 1 to `SANDBOX_MEMORY_BYTES_MAX`. One copy of each of its files is not counted. */
  readonly memoryBytes: number;
  /** Ends it whatever else, an integer of ms >= 1. A job that fuel should have ended first. */
  readonly deadlineMs: number;
}

/**
 * - `source`: the module does not parse, imports something, awaits at its top level or has no such function.
 * - `threw`: its code threw; the message is its own, cut off at `SANDBOX_MESSAGE_LENGTH_MAX`.
 * - `fuel`, `memory`: it wanted more than it was given. Functions that call each other too deep want too much memory. No code of
 *   the job can catch either.
 * - `result`: it gave what is no JSON value, or one that is too long or too deep, or a promise that nothing settles.
 * - `deadline`: this machine did not bring it to its end, for want of time or of memory of its own. Another might have, so it says
 *   nothing about the job.
 * - `closed`: the sandbox was closed.
 */
export type SandboxErrorCode = 'source' | 'threw' | 'fuel' | 'memory' | 'result' | 'deadline' | 'closed';

/** Why a job in a sandbox gave nothing. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Runs code of strangers where it reaches nothing: no file, network, clock, randomness or import, and nothing of an earlier job.
 * What it gives depends on source, call, argument, files, fuel and memory alone, but for `deadline` and `closed`. It fails closed:
 * whatever goes wrong is an error, never a result.
 *
 * A function that is async is awaited, but only as far as it gets by itself: when nothing is left to do and its promise is open, it
 * has failed. A job is over when it has nothing left to do, not when its promise settles.
 */
export interface Sandbox {
  /** Rejects with SandboxError; RangeError for a job or limits beyond the bounds above. */
  run(job: SandboxJob, limits: SandboxLimits): Promise<JsonValue>;
  /** Idempotent. */
  close(): Promise<void>;
}
