import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import {
  type Agent,
  defineAgent,
  type ExecuteContext,
  FILES_BYTES_MAX,
  FILES_MAX,
  type JsonSchema,
  ProgramError,
  parseJson,
  runProgram,
  type Verification,
} from '@canswarm/agent';
import type { JsonValue } from '@canswarm/ports';

/** How an engine begins that is a program of the owner's. */
export const PROGRAM = 'program:';

/** A program that does one skill's work, one process for each task. */
export interface ProgramSpec {
  readonly name: string;
  readonly skill: string;
  readonly description: string;
  /** Credits. */
  readonly price: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  /** How results are best judged; its module is the path of a file. */
  readonly verification: Verification;
  readonly command: readonly [string, ...string[]];
  /** Its working folder. */
  readonly cwd: string;
  /** Most ms for one task; the lease may end before. */
  readonly timeoutMs: number;
  readonly outputBytesMax: number;
}

/** The engine of a program. */
export const programEngine = (spec: ProgramSpec): string => `${PROGRAM}${JSON.stringify(spec)}`;

/** An engine of `programEngine`, which only this process makes. */
export const readProgramSpec = (engine: string): ProgramSpec => JSON.parse(engine.slice(PROGRAM.length)) as ProgramSpec;

/**
 * An agent whose work a program does. It gets `{ need, attempt, goal, input, files: { name: path }, outputDir }` as JSON on standard
 * input, and gives its output as JSON on standard output: as it is, or as `{ "output": ... }` and nothing beside. Regular files below
 * `outputDir` go with it; lines of standard error go to the log. It runs unconfined, as the user.
 */
export function programAgent(spec: ProgramSpec): Agent {
  const { name, skill, description, price, inputSchema, outputSchema, verification } = spec;
  return defineAgent({
    name,
    skills: [
      {
        id: skill,
        description,
        inputSchema,
        outputSchema,
        price,
        verification,
        execute: (input, context) => execute(spec, input as JsonValue, context),
      },
    ],
  });
}

async function execute(spec: ProgramSpec, input: JsonValue, context: ExecuteContext): Promise<JsonValue> {
  const folder = await mkdtemp(join(tmpdir(), 'canswarm-task-'));
  try {
    const outputDir = join(folder, 'out');
    await mkdir(outputDir);
    const files = await layOut(context, join(folder, 'in'));
    const { need, attempt, goal, log } = context;
    const request = { need, attempt, goal, input, files, outputDir };
    const output = await run(spec, JSON.stringify(request), context, (line) => log.info(line));
    for (const path of await filesBelow(outputDir)) {
      await context.artifacts.put(path, await readFile(join(outputDir, path)));
    }
    return output;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  { command, cwd, timeoutMs, outputBytesMax }: ProgramSpec,
  request: string,
  { signal, budget }: ExecuteContext,
  onLine: (line: string) => void,
): Promise<JsonValue> {
  let last = '';
  const hear = (line: string): void => {
    if (line.trim() !== '') last = line.trim();
    onLine(line);
  };
  const limits = { timeoutMs: Math.min(timeoutMs, budget.timeMs), outputBytesMax };
  async function* input(): AsyncGenerator<string> {
    yield `${request}\n`;
  }
  let bytes: Uint8Array;
  try {
    bytes = await runProgram(command, input(), limits, signal, { cwd, onLine: hear });
  } catch (error) {
    if (!(error instanceof ProgramError) || error.code !== 'failed') throw error;
    const [how = ''] = error.message.split(': ');
    throw new Error(last === '' ? how : `${how}: ${last}`, { cause: error });
  }
  const value = parseJson(new TextDecoder().decode(bytes));
  if (value === undefined) throw new Error('the program did not write JSON to standard output');
  return isWrapped(value) ? value.output : value;
}

const isWrapped = (value: JsonValue): value is { readonly output: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).join() === 'output';

/** Writes the input's files under names of our own: theirs are a stranger's, and might lead anywhere. */
async function layOut({ files }: ExecuteContext, folder: string): Promise<Readonly<Record<string, string>>> {
  const paths: [string, string][] = [];
  await mkdir(folder);
  for (const [index, name] of files.names().entries()) {
    const suffix = extname(name);
    const path = join(folder, `${index + 1}${/^\.[A-Za-z0-9]{1,16}$/.test(suffix) ? suffix : ''}`);
    await writeFile(path, await files.bytes(name));
    paths.push([name, path]);
  }
  return Object.fromEntries(paths);
}

/** Paths of regular files, sorted; links are not followed. Rejects beyond what an output may hold. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths: string[] = [];
  let bytes = 0;
  for (const name of names.sort()) {
    const found = await lstat(join(folder, name));
    if (!found.isFile()) continue;
    bytes += found.size;
    paths.push(name.replaceAll('\\', '/'));
    if (paths.length > FILES_MAX || bytes > FILES_BYTES_MAX)
      throw new Error(`the program left more than ${FILES_MAX} files or ${FILES_BYTES_MAX} bytes in outputDir`);
  }
  return paths;
}
