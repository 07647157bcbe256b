import { readFileSync } from 'node:fs';
import {
  type JsonValue,
  SANDBOX_MESSAGE_LENGTH_MAX,
  SANDBOX_VALUE_BYTES_MAX,
  SandboxError,
  type SandboxErrorCode,
  type SandboxJob,
  type SandboxLimits,
} from '@canswarm/ports';
import { webAssembly } from '@canswarm/wasm';
import { Meters } from './meters.ts';
import { type Image, type Outcome, QuickJs, type Value } from './quickjs.ts';

/** More than the engine takes to begin on the slowest machine. */
const BEGIN_MS = 60_000;

const guestSource = readFileSync(new URL('./guest.js', import.meta.url), 'utf8');

interface Begun {
  readonly image: Image;
  /** The function that the guest's part of the sandbox is. */
  readonly guest: Value;
}

let begun: Begun | undefined;

/** Makes ready once in a thread what each job begins with. Throws when the installed engine is another build. */
export function begin(): Begun {
  if (begun !== undefined) return begun;
  const engine = new QuickJs(new Meters(BEGIN_MS));
  const guest = sound(engine.script(guestSource));
  begun = { image: engine.image(), guest };
  return begun;
}

/** Runs a job, whose argument is JSON text, on an engine of its own. Throws SandboxError. */
export function runJob(job: SandboxJob, argument: string, limits: SandboxLimits): JsonValue {
  try {
    return run(job, argument, limits);
  } catch (cause) {
    throw sandboxErrorOf(cause);
  }
}

function run(job: SandboxJob, argument: string, limits: SandboxLimits): JsonValue {
  const meters = new Meters(limits.deadlineMs);
  const { image, guest } = begin();
  const engine = new QuickJs(meters, image);
  const ask = (task: string, ...values: Value[]): Outcome => engine.call(guest, [engine.newText(task), ...values]);
  engine.onImport(guest, [engine.newText('import')]);
  for (const [name, bytes] of [...job.files].sort(([left], [right]) => (left < right ? -1 : 1))) {
    sound(ask('file', engine.newText(JSON.stringify(name)), engine.newBuffer(bytes)));
  }

  meters.limit(limits);
  const loaded = engine.module(job.source);
  if (!loaded.ok) return verdict(engine, sound(ask('unloaded', loaded.value)));
  if (engine.isOpenPromise(loaded.value)) throw new SandboxError('source', 'the module awaits at its top level');
  sound(ask('call', loaded.value, engine.newText(JSON.stringify(job.call)), engine.newText(argument)));
  engine.settle();
  return verdict(engine, sound(ask('outcome')));
}

/** What the part of the sandbox that runs in the engine gave; it throws only when a job has broken it. */
function sound(outcome: Outcome): Value {
  if (!outcome.ok) throw new SandboxError('threw', 'the job broke what runs it');
  return outcome.value;
}

/** What the guest says before a colon and JSON: that it is the result, or why there is none. */
const VALUE = 'value';
const FAILURES: ReadonlySet<string> = new Set<SandboxErrorCode>(['source', 'threw', 'result']);

/** The result that the guest tells. It is no more to be trusted than the job. */
function verdict(engine: QuickJs, value: Value): JsonValue {
  const text = engine.textOf(value, SANDBOX_VALUE_BYTES_MAX + VALUE.length + 1);
  const colon = text.indexOf(':');
  const word = text.slice(0, colon);
  const told = parsed(text.slice(colon + 1));
  if (word === VALUE) return told;
  const code = FAILURES.has(word) ? (word as SandboxErrorCode) : 'threw';
  throw new SandboxError(code, String(told).slice(0, SANDBOX_MESSAGE_LENGTH_MAX));
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SandboxError('threw', 'the job broke what runs it', { cause });
  }
}

function sandboxErrorOf(cause: unknown): SandboxError {
  if (cause instanceof SandboxError) return cause;
  if (cause instanceof webAssembly.RuntimeError) {
    return new SandboxError('threw', `the job broke the engine: ${cause.message}`, { cause });
  }
  const words = cause instanceof Error ? cause.message : String(cause);
  return new SandboxError('deadline', `this machine could not run the job: ${words}`, { cause });
}
