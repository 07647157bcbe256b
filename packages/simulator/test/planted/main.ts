/**
 * The command that plants bugs: seeds run on a network whose law has one, until the checker of the property that must find it does.
 *
 *   npm run -s sim:planted -- --json                 all of them
 *   npm run -s sim:planted -- lies-dismissed         some
 *   npm run -s sim:planted -- --seeds 5              so many seeds each at most
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { PLANTED } from './list.ts';

const SEEDS = 20;
/** A process that takes longer hangs: how long one looks is bounded by its work, since machines are busy. */
const BUG_MS = 3_600_000;

interface Find {
  readonly id: string;
  readonly property: string;
  readonly found: { readonly seeds: number; readonly detail: string } | null;
  /** Seeds that were begun. */
  readonly tried: number;
  readonly others: readonly string[];
  /** Why it was not looked for to the end; undefined where it was. */
  readonly ended?: string;
  readonly seconds: number;
}

function usage(message: string): never {
  console.error(message);
  process.exit(2);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, seeds: { type: 'string', default: String(SEEDS) } },
    });
    return { ...values, names: positionals };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

/** The process of one bug: a law is loaded once in a process. One that ends without an answer found nothing. */
async function find({ id, property }: (typeof PLANTED)[number], seeds: number): Promise<Find> {
  const started = performance.now();
  const args = ['--no-warnings', join(import.meta.dirname, 'find.ts'), id, String(seeds)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: BUG_MS });
  const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const seconds = Math.round(performance.now() - started) / 1_000;
  if (code === 0) return { ...(JSON.parse(said.trim().split('\n').at(-1) ?? '') as Find), seconds };
  const ended = signal === null ? `its process ended with ${code}` : `its process took over ${BUG_MS / 1_000} s`;
  return { id, property, found: null, tried: seeds, others: [], ended, seconds };
}

const { json, seeds: seedsText, names } = options();
const seeds = Number(seedsText);
if (!Number.isSafeInteger(seeds) || seeds < 1) usage(`--seeds ${seedsText} is no whole number from 1 on`);
const unknown = names.find((name) => !PLANTED.some(({ id }) => id === name));
if (unknown !== undefined) usage(`no planted bug ${unknown}; there are ${PLANTED.map(({ id }) => id).join(', ')}`);
const left = PLANTED.filter(({ id }) => names.length === 0 || names.includes(id));
const total = left.length;
const finds: Find[] = [];

async function work(): Promise<void> {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const one = await find(next, seeds);
    finds.push(one);
    const { id, property, found, tried, others, ended, seconds } = one;
    if (found !== null)
      console.error(`found  ${id}: ${property} after ${found.seeds} seeds, ${seconds} s: ${found.detail}`);
    else
      console.error(
        `MISSED ${id}: ${property} in ${tried} seeds${ended === undefined ? '' : `: ${ended}`}${others.length === 0 ? '' : `, only ${others.join(', ')}`}`,
      );
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
const caught = finds.flatMap(({ id, found }) =>
  found === null ? [] : [[`planted.${id}.seeds`, found.seeds] as const],
);
const metrics = {
  'planted.total': total,
  'planted.found': caught.length,
  'planted.properties': new Set(finds.map(({ property }) => property)).size,
  ...Object.fromEntries(caught.sort()),
};
const failed = total - caught.length;
if (json) console.log(JSON.stringify({ suite: 'sim:planted', metrics, passed: caught.length, failed }));
process.exitCode = failed === 0 ? 0 : 1;
