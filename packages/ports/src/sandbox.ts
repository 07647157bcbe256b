/** A value of JSON (RFC 8259), numbers finite. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Longest source of a module, in bytes of UTF-8. */
export const SANDBOX_SOURCE_BYTES_MAX = 1_048_576;
/** Most bytes of all files of one job together. */
export const SANDBOX_FILES_BYTES_MAX = 67_108_864;
/** Longest argument or result as JSON text, in bytes of UTF-8. */
export const SANDBOX_VALUE_BYTES_MAX = 4_194_304;

/** One call of a function of somebody's module. */
export interface SandboxJob {
  /** An ES module that imports nothing. */
  readonly source: string;
  /** The exported function to call, `default` included. */
  readonly call: string;
  /** Its first argument. */
  readonly argument: JsonValue;
  /**
   * Its second argument reads these by name: `files.names()`, `files.bytes(name)` (a Uint8Array), `files.text(name)` (UTF-8; throws
   * where the bytes are none).
   */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface SandboxLimits {
  /**
   * Work it may do, in units of the engine: the same job uses the same, so it ends in the same way on every machine. At least 1.
   */
  readonly fuel: number;
  /** Bytes it may hold at a time, its files not counted. */
  readonly memoryBytes: number;
  /** Ends it whatever else; ms. A job that fuel should have ended first. */
  readonly deadlineMs: number;
}

/**
 * - `source`: the module does not parse, imports something or has no such function.
 * - `threw`: its code threw; the message is its own.
 * - `fuel`, `memory`: it wanted more than it was given.
 * - `result`: it gave what is no JSON value, or one that is too long.
 * - `deadline`: it took too long; on another machine it might not have.
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
 * What it gives depends on source, argument, files and fuel alone. It fails closed: whatever goes wrong is an error, never a result.
 */
export interface Sandbox {
  /** Rejects with SandboxError; RangeError for arguments beyond the limits above. */
  run(job: SandboxJob, limits: SandboxLimits): Promise<JsonValue>;
  /** Idempotent. */
  close(): Promise<void>;
}
