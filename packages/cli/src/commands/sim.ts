import { availableParallelism } from 'node:os';
import type { BadPrefix, Mode, Run, Sometimes } from '@canswarm/simulator';
import { Option } from 'commander';
import { badLines } from '../bad-lines.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { type Io, painter } from '../io.ts';
import { outFile } from '../out-file.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { again, FAULTS, faultKinds, keep, type RunOptions, wantedOf } from '../sim-wanted.ts';
import { count, safe, table } from '../text.ts';
import { VERSION } from '../version.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends RunOptions {
  readonly seed: number;
  readonly keep?: string;
  readonly seeds?: number;
  readonly hunt?: boolean;
  readonly minutes?: number;
  readonly out?: string;
  readonly history?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

const MODES: readonly Mode[] = ['swarm', 'lite', 'perf'];
const [NODES_MAX, NEEDS_MAX, SEED_MAX, MINUTES, MINUTES_MAX] = [64, 10_000, 2 ** 48, 1, 10_000];
const MINUTE_MS = 60_000;
const TICKS_MAX = 1_000_000;

export const simCommand: Register = (program, io, done) => {
  program
    .command('sim')
    .summary('run a network in one thread, with faults, from one seed')
    .description(
      'Runs real nodes under virtual time, with a network, disks, clocks and machines that fail and agents that mean harm as the seed says, and watches properties of the spec (spec/09-invariants.md, P1 and on). Then the faults stop, and everything must come to rest. The same seed runs the same way each time. Exit code 1: a property was broken.',
    )
    .option('--seed <n>', 'what is drawn from', wholeNumber(0, SEED_MAX), 1)
    .addOption(
      new Option('--mode <mode>', 'which faults: all, those of the network and agents that mean harm, none')
        .choices(MODES)
        .default('swarm'),
    )
    .option('--nodes <n>', 'how many nodes host the agents (default: drawn)', wholeNumber(1, NODES_MAX))
    .option('--needs <n>', 'how many needs are posted (default: drawn)', wholeNumber(1, NEEDS_MAX))
    .option('--ticks <n>', 'stop all faults after so many periods of log time (50 ms each)', wholeNumber(1, TICKS_MAX))
    .option('--faults <kinds>', `let only these go wrong: ${FAULTS.join(',')}; or none`, faultKinds)
    .option('--seeds <n>', 'run so many seeds, from --seed on, on all cores', wholeNumber(1, SEED_MAX))
    .addOption(new Option('--hunt', 'run fresh seeds on all cores for some minutes').conflicts(['seed', 'seeds']))
    .option('--minutes <n>', `how long a hunt lasts (default: ${MINUTES})`, wholeNumber(1, MINUTES_MAX))
    .option('--keep <folder>', 'shrink each seed that fails to less that fails too, and keep it here')
    .option('--out <file>', 'write what was found here, as JSON')
    .addOption(
      new Option(
        '--history <file>',
        'write here what machines called and were answered of slots, leases and balances, for canswarm linearize',
      ).conflicts(['seeds', 'hunt']),
    )
    .addOption(
      new Option('--svg <file>', 'where no order explains them, draw the shortest bad beginning here').conflicts([
        'seeds',
        'hunt',
      ]),
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'sim --seed 7',
        'sim --seed 7 --mode lite --needs 30 --json',
        'sim --seed 7 --history calls.jsonl --svg bad.svg',
        'sim --seeds 200',
        'sim --seed 7 --faults crashes,disks --ticks 200',
        'sim --hunt --minutes 10 --out hunt.json --keep fuzz/seeds',
      ),
    )
    .action(async (options: Options) => {
      if (options.minutes !== undefined && options.hunt !== true) throw noHunt();
      done(await (isMany(options) ? many(io, options) : one(io, options)));
    });
};

const noHunt = (): CliFailure =>
  new CliFailure(
    EXIT.usage,
    'no_hunt',
    '--minutes stands without --hunt',
    'Only a hunt lasts for some minutes; a seed runs until all is settled.',
    'Add --hunt, or leave --minutes out.',
  );

/** How to write what is found as JSON, where a file was named. */
function recordIn({ out }: Options): (value: object) => void {
  if (out === undefined) return () => undefined;
  const write = outFile(out);
  return (value) => write(`${JSON.stringify(value, null, 2)}\n`);
}

const isMany = ({ hunt, seeds }: Options): boolean => hunt === true || seeds !== undefined;

async function one(io: Io, options: Options): Promise<ExitCode> {
  const { ABSENT, planOf, simulate, timeline } = await import('@canswarm/simulator');
  const record = recordIn(options);
  const writeHistory = options.history === undefined ? null : outFile(options.history);
  const draw = options.svg === undefined ? null : outFile(options.svg);
  const plan = planOf(wantedOf(options, options.seed));
  io.err.write(`${JSON.stringify(plan)}\n`);
  const { history, ...run } = await simulate(plan, { history: writeHistory !== null });
  writeHistory?.(history ?? '');
  const [bad] = badsOf(run);
  if (bad !== undefined) draw?.(timeline(bad));
  record(run);
  if (options.keep !== undefined && !run.passed) await keep(io, options.keep, wantedOf(options, run.seed), run);
  report(io, options.json === true, run, () => tell(io, run, options, ABSENT));
  return run.passed ? EXIT.ok : EXIT.untrue;
}

function tell(io: Io, run: Run, options: Options, absent: Readonly<Record<string, string>>): string {
  const paint = painter(io, io.out);
  const rows = (counts: Readonly<Record<string, number | string>>): string =>
    table(
      Object.entries(counts).map(([name, value]) => [name, String(value)]),
      new Set([1]),
    );
  const found = run.faults.map(({ property, detail, atMs }) => `  ${property} at ${atMs} ms: ${safe(detail)}`);
  return [
    ...(Object.keys(run.injected).length === 0 ? [] : [rows({ ...run.injected }), '']),
    rows(Object.fromEntries(Object.entries(run.sometimes).filter(([name]) => !isOfNobody(run, name)))),
    '',
    rows(run.properties),
    ...absentLine(run, absent),
    '',
    calls(run),
    `${count(run.entries, 'entry', 'entries')}, ${run.simulatedSeconds.toFixed(1)} s of virtual time in ${run.realSeconds.toFixed(1)} s, trace ${run.traceHash.slice(0, 16)}`,
    run.passed ? paint('green', 'nothing happened that never may') : [paint('red', 'broken:'), ...found].join('\n'),
    ...badsOf(run).flatMap((bad) => ['', ...badLines(io, bad), '']),
    ...(run.pending.length === 0 ? [] : ['still pending:', ...run.pending.map((line) => `  ${safe(line)}`)]),
    `Again: ${again(wantedOf(options, run.seed))}`,
  ].join('\n');
}

/** Why nothing can be said of some properties. */
function absentLine({ properties }: Run, why: Readonly<Record<string, string>>): readonly string[] {
  const all = Object.entries(properties).flatMap(([id, verdict]) =>
    verdict === 'absent' ? [`${id}, ${why[id]}`] : [],
  );
  return all.length === 0 ? [] : [`absent, for want of what they are about: ${all.join('; ')}`];
}

/** Whether it is about an actor that takes no part in the run. */
const isOfNobody = ({ plan, sometimes }: Run, name: string): boolean =>
  / (acts|fails)$/.test(name) &&
  sometimes[name as Sometimes] === 0 &&
  !plan.actors.some(({ kind }) => name.startsWith(`${kind} `));

const badsOf = ({ linearizable }: Run): readonly BadPrefix[] =>
  Object.values(linearizable).flatMap(({ bad }) => bad ?? []);

/** How many calls of a run were judged. */
function calls({ linearizable }: Run): string {
  const size = (what: 'operations' | 'keys' | 'pending'): number =>
    Object.values(linearizable).reduce((sum, verdict) => sum + verdict[what], 0);
  return `${count(size('operations'), 'call')} on ${size('keys')} slots, leases and accounts, ${size('pending')} never answered`;
}

async function many(io: Io, options: Options): Promise<ExitCode> {
  const { hunt, SOMETIMES } = await import('@canswarm/simulator');
  const record = recordIn(options);
  const started = performance.now();
  const { minutes = MINUTES } = options;
  const endMs = started + minutes * MINUTE_MS;
  const failed: Run[] = [];
  const met: Record<string, number> = Object.fromEntries(Object.keys(SOMETIMES).map((name) => [name, 0]));
  let [begun, ended, entries, simulated] = [0, 0, 0, 0];
  const first = options.hunt === true ? Date.now() : options.seed;
  await hunt({
    threads: availableParallelism(),
    signal: io.signal,
    next() {
      if (options.seeds === undefined ? performance.now() > endMs : begun === options.seeds) return undefined;
      begun += 1;
      return wantedOf(options, first + begun - 1);
    },
    onRun(run) {
      ended += 1;
      entries += run.entries;
      simulated += run.simulatedSeconds;
      for (const [name, times] of Object.entries(run.sometimes)) if (times > 0) met[name] = (met[name] ?? 0) + 1;
      if (run.passed) return;
      failed.push(run);
      const [worst] = run.faults;
      io.err.write(
        `seed ${run.seed}: ${worst?.property} ${safe(worst?.detail ?? '')}\n  Again: ${again(wantedOf(options, run.seed))}\n`,
      );
    },
  });
  if (options.keep !== undefined)
    for (const run of failed) await keep(io, options.keep, wantedOf(options, run.seed), run);
  const weak = Object.keys(met).filter((name) => met[name] === 0);
  const seconds = (performance.now() - started) / 1_000;
  const value = {
    version: VERSION,
    mode: options.mode,
    ...(options.hunt === true ? { minutes } : {}),
    first,
    seeds: ended,
    entries,
    simulatedSeconds: simulated,
    seconds,
    failures: failed.map(({ seed, faults }) => ({ seed, again: again(wantedOf(options, seed)), faults })),
    met,
    weak,
  };
  record(value);
  report(io, options.json === true, value, () => {
    const paint = painter(io, io.out);
    return [
      table(Object.entries(met).map(([name, seeds]) => [name, `in ${count(seeds, 'seed')}`])),
      '',
      `${count(ended, 'seed')} from ${first}, ${count(entries, 'entry', 'entries')}, ${simulated.toFixed(0)} s of virtual time in ${seconds.toFixed(0)} s`,
      failed.length === 0
        ? paint('green', 'nothing happened that never may')
        : paint('red', `${count(failed.length, 'seed')} broke a property`),
      ...(weak.length === 0 ? [] : [`Weak: no seed met ${weak.join(', ')}; more seeds might`]),
    ].join('\n');
  });
  return failed.length === 0 ? EXIT.ok : EXIT.untrue;
}
