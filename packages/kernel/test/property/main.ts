/**
 * The properties command: generated histories against the law, the model of it and every property.
 *
 *   npm run -s properties -- --json                     10 000 histories
 *   npm run -s properties -- --runs 500 --seed 7
 *   npm run -s properties -- --seed 7 --path 12:0:3     one history again, as a run before named it
 *   npm run -s properties -- --policy --runs 2000       histories of networks with a policy
 *   npm run -s properties -- --planted --json           laws with a bug, each of which must be found
 *   npm run -s properties -- --planted any-fence
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { histories, policedHistories } from './history/deeds.ts';
import { kill } from './planted/kill.ts';
import { PLANTED } from './planted/list.ts';
import { type Counterexample, run } from './run.ts';

const RUNS = 10_000;
const KILL_RUNS = 4_000;

function usage(message: string): never {
  console.error(message);
  process.exit(2);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        planted: { type: 'boolean', default: false },
        policy: { type: 'boolean', default: false },
        runs: { type: 'string' },
        seed: { type: 'string', default: '1' },
        path: { type: 'string' },
      },
    });
    return { ...values, names: positionals };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function whole(text: string, name: string, least: number): number {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= least
    ? number
    : usage(`--${name} ${text} is no whole number from ${least} on`);
}

const { json, planted, policy: policed, runs, seed: seedText, path, names } = options();
const seed = whole(seedText, 'seed', 0);
const runsOf = (by: number): number => (runs === undefined ? by : whole(runs, 'runs', 1));

/** The last line, as every command of this kind ends. */
function end(metrics: Readonly<Record<string, number>>, passed: number, failed: number): void {
  if (json) console.log(JSON.stringify({ suite: 'properties', metrics, passed, failed }));
  process.exitCode = failed === 0 ? 0 : 1;
}

function tellCounterexample({ path: found, findings, lines, history }: Counterexample): void {
  for (const { property, detail } of findings) console.error(`${property}: ${detail}`);
  console.error(`\nThe least history found, of ${history.deeds.length} deeds:`);
  for (const line of lines) console.error(line);
  console.error(`\nAgain: npm run -s properties -- ${policed ? '--policy ' : ''}--seed ${seed} --path ${found}`);
}

function runHistories(): void {
  const began = performance.now();
  const wanted = runsOf(RUNS);
  const onHistory = (done: number): void => {
    if (done % 500 === 0)
      console.error(`${done} of ${wanted} histories, ${Math.round((performance.now() - began) / 1000)} s`);
  };
  const at = path === undefined ? {} : { path };
  const { tally, counterexample } = run({ runs: wanted, seed, policed, onHistory, ...at });
  const metrics = tally.metrics();
  for (const [name, count] of Object.entries(metrics)) console.error(`${name} ${count}`);
  if (counterexample !== null) tellCounterexample(counterexample);
  const seconds = Math.round((performance.now() - began) / 1000);
  end(
    { ...metrics, 'properties.seconds': seconds },
    tally.histories - (counterexample === null ? 0 : 1),
    counterexample === null ? 0 : 1,
  );
}

async function runPlanted(): Promise<void> {
  const unknown = names.find((name) => !PLANTED.some(({ id }) => id === name));
  if (unknown !== undefined) usage(`no planted bug ${unknown}; there are ${PLANTED.map(({ id }) => id).join(', ')}`);
  const chosen = PLANTED.filter(({ id }) => names.length === 0 || names.includes(id));
  let found = 0;
  let most = 0;
  const sampleOf = (all: typeof histories) => fc.sample(all, { numRuns: runsOf(KILL_RUNS), seed });
  const samples = [sampleOf(histories), sampleOf(policedHistories)] as const;
  for (const one of chosen) {
    const { id, property, after, detail } = await kill(one, samples[one.policed === true ? 1 : 0]);
    if (after !== null) found += 1;
    most = Math.max(most, after ?? 0);
    console.error(
      `${after === null ? 'MISSED' : 'found '} ${id}: ${property}${after === null ? '' : ` after ${after} histories`}: ${detail}`,
    );
  }
  const properties = new Set(chosen.map(({ property }) => property)).size;
  const metrics = {
    'planted.total': chosen.length,
    'planted.found': found,
    'planted.properties': properties,
    'planted.historiesMost': most,
  };
  end(metrics, found, chosen.length - found);
}

if (planted) await runPlanted();
else if (names.length > 0) usage('names are of planted bugs: add --planted');
else runHistories();
