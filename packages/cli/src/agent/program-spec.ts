import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { ProgramSpec } from 'canswarm';
import { CliFailure, EXIT } from '../failure.ts';
import type { Canswarm } from '../home/home-options.ts';
import { credits, safe } from '../text.ts';

export const MODULE_MODES = ['check', 'judge', 'reexecute', 'bound'] as const;

/** A program as an agent, as options say it. */
export interface ProgramFlags {
  readonly name: string;
  readonly skill: string;
  readonly description: string;
  readonly price: number;
  readonly inputSchema: string;
  readonly outputSchema: string;
  readonly check?: readonly string[];
  readonly module?: string;
  readonly mode?: (typeof MODULE_MODES)[number];
  readonly boundBps?: number;
  readonly example?: string;
  readonly timeout: number;
  readonly outputBytes: number;
}

/** What runs a program as an agent. Throws a CliFailure for options that do not fit together and files that are none. */
export function programSpec(
  [program = '', ...args]: readonly string[],
  { name, skill, description, price, inputSchema, outputSchema, timeout, outputBytes, ...judged }: ProgramFlags,
  { certificateChecks }: Pick<Canswarm, 'certificateChecks'>,
): ProgramSpec {
  return {
    name,
    skill,
    description,
    price: credits(price),
    inputSchema: schemaOf(inputSchema),
    outputSchema: schemaOf(outputSchema),
    verification: verificationOf(judged, certificateChecks()),
    command: [programAt(program), ...args],
    cwd: process.cwd(),
    timeoutMs: timeout * 1_000,
    outputBytesMax: outputBytes,
  };
}

/** A program as it is to be started. Throws a CliFailure when this machine has none of this name. */
function programAt(program: string): string {
  const isPath = program.includes('/') || program.includes('\\');
  const suffixes = process.platform === 'win32' ? ['', ...(process.env['PATHEXT'] ?? '').split(';')] : [''];
  const folders = isPath ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  const places = folders.flatMap((folder) => suffixes.map((suffix) => join(folder, `${program}${suffix}`)));
  if (places.some(isProgram)) return program;
  const where = isPath ? 'There is no such file that may be run' : 'No folder in PATH has it';
  throw usage(
    `there is no program ${safe(program)}`,
    `${where}. What runs it comes first, such as: -- python3 count.py`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function verificationOf(
  { check: checks = [], module, mode, boundBps, example }: Partial<ProgramFlags>,
  known: readonly string[],
): ProgramSpec['verification'] {
  const foreign = checks.find((name) => !known.includes(name));
  if (foreign !== undefined)
    throw usage(`there is no check ${safe(foreign)}`, `Certificate checks of this software: ${known.join(', ')}.`);
  if (module === undefined && (mode !== undefined || boundBps !== undefined))
    throw usage('--mode and --bound-bps say how a module judges, and none is given', 'Give it with --module FILE.');
  if (boundBps !== undefined && mode !== 'bound') throw usage('--bound-bps is for --mode bound', 'Leave it out.');
  return {
    checks,
    ...(module === undefined ? {} : { module: moduleOf(module, mode ?? 'check', boundBps) }),
    ...(example === undefined ? {} : { example: exampleOf(example) }),
  };
}

function moduleOf(
  file: string,
  mode: (typeof MODULE_MODES)[number],
  boundBps: number | undefined,
): NonNullable<ProgramSpec['verification']['module']> {
  const path = resolve(file);
  if (!existsSync(path)) throw usage(`there is no file ${safe(path)}`, 'Name a module of JavaScript or TypeScript.');
  return { file: path, mode, ...(boundBps === undefined ? {} : { boundBps }) };
}

function exampleOf(file: string): NonNullable<ProgramSpec['verification']['example']> {
  const value = jsonIn(file, 'with an example: {"input": ..., "output": ...}');
  if (Object.keys(value).sort().join() === 'input,output') return { input: value['input'], output: value['output'] };
  throw usage(`${safe(file)} has not just an input and an output`, 'Give {"input": ..., "output": ...}.');
}

const schemaOf = (file: string): ProgramSpec['inputSchema'] => jsonIn(file, 'with a JSON Schema (2020-12)');

/** The JSON object in a file. */
function jsonIn(file: string, what: string): Readonly<Record<string, unknown>> {
  const unfit = (why: string): CliFailure => usage(`${safe(file)} ${why}`, `Give a file ${what}.`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw unfit('cannot be read');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw unfit('is no JSON');
  }
  throw unfit('is no JSON object');
}

const usage = (what: string, todo: string): CliFailure => new CliFailure(EXIT.usage, 'usage', what, '', todo);
