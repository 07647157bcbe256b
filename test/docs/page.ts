import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commandLines, type Plan, type Step } from './blocks.ts';
import { unexpected } from './expected.ts';
import { type Beside, Terminal } from './terminal.ts';
import { typeProblems } from './types.ts';
import { type DocsWorld, install, readersEnv } from './world.ts';

export interface Followed {
  /** What was not as the page says. */
  readonly problems: readonly string[];
  /** Blocks of commands that were run. */
  readonly ran: number;
  /** TypeScript files whose types were checked. */
  readonly typed: number;
}

export interface FollowOptions {
  /** Folders of programs that the reader has installed, beside what the system has. */
  readonly servers?: readonly string[];
  /** Looks at the reader's folder before it is removed; gives problems. */
  readonly inspect?: (terminal: Terminal) => Promise<readonly string[]>;
}

const READY_MS = 180_000;
const SHOWN_MAX = 4_000;
const INSTALLS = /^\s*npm install\b/;

type Commands = Step & { readonly kind: 'commands' };

/**
 * Does what a page says, to the letter, in an empty folder: writes its files, types its commands, and compares what they print with
 * what it shows. Packages are in the folder unless the page installs them. Stops at the first thing that is not so.
 */
export async function followPage(plan: Plan, world: DocsWorld, options: FollowOptions = {}): Promise<Followed> {
  const { inspect, servers = [] } = options;
  if (plan.problems.length > 0) return { problems: plan.problems, ran: 0, typed: 0 };
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'canswarm-page-')));
  const [folder, state] = [join(root, 'folder'), join(root, 'state')];
  for (const made of [folder, state]) mkdirSync(made);
  const installs = world.registry !== null && commandLines(plan.steps).some((line) => INSTALLS.test(line));
  if (!installs || !INSTALLS.test(commandLines(plan.steps)[0] ?? '')) install(world, folder);
  const terminal = new Terminal(folder, state, readersEnv(world, join(root, 'home'), servers));
  const follower = new Follower(terminal, world);
  try {
    await follower.follow(plan.steps);
    if (follower.problems.length === 0) follower.problems.push(...((await inspect?.(terminal)) ?? []));
    const { files, problems, ran } = follower;
    if (problems.length === 0) problems.push(...(await typeProblems(files, folder)));
    return { problems, ran, typed: files.length };
  } finally {
    await follower.leave(homesOf(plan));
    rmSync(root, { recursive: true, force: true });
  }
}

/** Homes that the page names, beside the reader's own. */
const homesOf = ({ steps }: Plan): readonly string[] => [
  ...new Set(
    commandLines(steps).flatMap((line) => [...line.matchAll(/ --home ([\w./-]+)/g)].map(([, home = '']) => home)),
  ),
];

class Follower {
  /** TypeScript that was written. */
  readonly files: string[] = [];
  readonly problems: string[] = [];
  ran = 0;
  readonly #terminal: Terminal;
  readonly #world: DocsWorld;
  readonly #beside: Beside[] = [];

  constructor(terminal: Terminal, world: DocsWorld) {
    this.#terminal = terminal;
    this.#world = world;
  }

  async follow(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'file') this.#write(step.name, step.text);
      else await this.#type(step);
      if (this.problems.length > 0) return;
    }
  }

  /** Ends what still runs, nodes of all homes first. */
  async leave(homes: readonly string[]): Promise<void> {
    const flags = ['', ...homes.map((home) => ` --home ${home}`)];
    if (this.ran > 0) for (const flag of flags) await this.#terminal.type(`npx canswarm down${flag} || true`);
    await Promise.all(this.#beside.map((one) => one.stop()));
  }

  #write(name: string, text: string): void {
    const path = join(this.#terminal.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (/\.[cm]?ts$/.test(name) && !this.files.includes(path)) this.files.push(path);
  }

  async #type({ text, terminal, exit, said, line }: Commands): Promise<void> {
    const commands = this.#world.registry === null ? text.replaceAll(/^\s*npm install\b.*$/gm, ':') : text;
    if (terminal !== 1) return this.#typeBeside(commands, said ?? '', line);
    const typed = await this.#terminal.type(commands);
    this.ran += 1;
    const output = typed.output.slice(-SHOWN_MAX);
    if (typed.exit !== exit) this.problems.push(`line ${line}: exit code ${typed.exit}, not ${exit}\n${output}`);
    const missing = said === null || commands !== text ? null : unexpected(typed.output, said);
    if (missing !== null)
      this.problems.push(`line ${line}: it does not print where it is shown: ${missing}\n${output}`);
  }

  async #typeBeside(commands: string, said: string, line: number): Promise<void> {
    const beside = this.#terminal.beside(commands);
    this.#beside.push(beside);
    this.ran += 1;
    const shows = (output: string): boolean => unexpected(output, said, { beginsWith: true }) === null;
    if (await beside.until(shows, READY_MS)) return;
    const output = beside.output();
    const missing = unexpected(output, said, { beginsWith: true });
    this.problems.push(`line ${line}: it ended or was late before it prints: ${missing}\n${output.slice(-SHOWN_MAX)}`);
  }
}
