import type { Divergence, Reference } from 'canswarm';
import { CliFailure, EXIT } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { openLog } from '../network/open-log.ts';
import { NETWORK_OPTION, type NetworkFlags, NODE_OPTION } from '../network/open-network.ts';
import { type LineFile, lineFile } from '../out-file.ts';
import { wholeNumber } from '../plain-options.ts';
import { divergenceText } from '../proof/divergence-text.ts';
import { replayTicker } from '../proof/replay-ticker.ts';
import { logFailure } from '../proof-failure.ts';
import { report } from '../report.ts';
import { count, safe, safeLines } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends NetworkFlags {
  readonly json?: boolean;
  readonly until?: number;
  readonly against?: string;
  readonly steps?: string;
  readonly state?: string | true;
  readonly genesis?: string;
}

export const replayCommand: Register = (program, io, done) => {
  program
    .command('replay')
    .summary('apply a log again, from its genesis, step by step')
    .description(
      'Applies every entry of an audit log again: all signatures, then the rules. The same log gives the same outcomes, digest and state root everywhere. With --against it ends at the first entry that differs, and names the field and both values.',
    )
    .argument('[audit.jsonl]', 'the log, or the proof folder that holds it; without it the log of the running node')
    .option('--until <position>', 'stop after this entry', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option(
      '--against <file>',
      'compare each step with another export or proof folder, with steps that --steps wrote, or with a state that --state --json said',
    )
    .option('--steps <file>', 'write what the rules made of each entry: outcome, events, digest; a line of JSON each')
    .option('--state [part]', 'print the state at the end, or a part of it such as accounts or needs.bafyrei...')
    .option('--genesis <file>', 'the genesis, when not beside the log as genesis.cbor')
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'replay brief-out/proof/audit.jsonl',
        'replay brief-out/proof --until 20 --state accounts',
        'replay brief-out/proof --steps steps.jsonl',
        'replay brief-out/proof --against steps.jsonl',
        'replay brief-out/proof --against other/proof/audit.jsonl --json',
        'replay --until 20 --state --json',
      ),
    )
    .action(async (path: string | undefined, options: Options) => done(await replayLog(io, path ?? null, options)));
};

async function replayLog(io: Io, path: string | null, options: Options): Promise<0 | 1> {
  const { json = false, against, steps, state: wanted } = options;
  const canswarm = await loadCanswarm();
  const crypto = canswarm.localCrypto();
  const file = steps === undefined ? null : lineFile(steps);
  const reference = against === undefined ? null : await referenceOf(against);
  const log = await logOf(io, path, options);
  const until = options.until ?? (reference?.kind === 'state' ? reference.position : undefined);
  const length = Math.min(log.entries.length, until ?? log.entries.length);
  io.err.write(`replaying ${count(length, 'entry', 'entries')} of network ${log.network}\n`);
  const whole = length === log.entries.length;
  const expected = whole && log.claimedDigest !== null ? { digest: log.claimedDigest } : {};
  const tick = replayTicker(io.err, length);
  let state: unknown;
  const onEnd = (whole: unknown): void => {
    state = whole;
  };
  file?.write(canswarm.stepsHead(log.network));
  const { outcomes, ...replayed } = canswarm.replay(log.genesis, log.entries, {
    crypto,
    expected,
    ...(until === undefined ? {} : { until }),
    ...(reference === null ? {} : { against: reference }),
    onStep: (step) => {
      tick(step.position);
      file?.write(canswarm.stepLine(step));
    },
    ...(wanted === undefined ? {} : { onEnd }),
  });
  endSteps(file, canswarm.stepsFoot(replayed));
  const shown = wanted === undefined ? {} : partOf(canswarm, state, wanted);
  const accepted = outcomes.filter((outcome) => outcome.accepted).length;
  const rate = Math.round(replayed.entries / Math.max(replayed.seconds, 1e-9));
  const value = {
    ...replayed,
    network: log.network,
    accepted,
    rejected: outcomes.length - accepted,
    entriesPerSecond: rate,
    ...(against === undefined ? {} : { against }),
    ...shown,
  };
  report(io, json, value, () => describe(io, value, { path, compared: expected.digest !== undefined, against }));
  return replayed.divergence === undefined ? EXIT.ok : EXIT.untrue;
}

async function logOf(io: Io, path: string | null, { genesis, ...flags }: Options) {
  const { localCrypto, readLog } = await loadCanswarm();
  if (path === null && genesis === undefined) return openLog(io, null, flags);
  if (path === null) {
    const todo = 'Name the log too: canswarm replay audit.jsonl --genesis genesis.cbor';
    throw new CliFailure(EXIT.usage, 'usage', '--genesis is for a log in a file', '', todo);
  }
  const log = readLog(path, { sha256: localCrypto().sha256, ...(genesis === undefined ? {} : { genesis }) });
  if (!log.ok) throw logFailure(log);
  return log;
}

async function referenceOf(path: string): Promise<Reference> {
  const { readReference } = await loadCanswarm();
  const read = readReference(path);
  if (read.ok) return read.reference;
  const at = 'line' in read && read.line !== undefined ? ` line ${read.line}` : '';
  const what = `nothing can be compared with ${safe(read.file)}${at}: ${safe(read.detail)}`;
  const todo =
    'Name an audit.jsonl, a file that `canswarm replay --steps FILE` wrote, or the output of `canswarm replay --state --json`.';
  throw new CliFailure(EXIT.usage, read.code, what, 'Nothing was replayed.', todo);
}

/** The steps are whole only with their last line. */
function endSteps(file: LineFile | null, foot: string): void {
  file?.write(foot);
  file?.close();
}

interface Shown {
  readonly state: unknown;
  readonly part?: string;
}

function partOf({ valueAt }: Awaited<ReturnType<typeof loadCanswarm>>, state: unknown, wanted: string | true): Shown {
  if (wanted === true) return { state };
  const part = valueAt(state, wanted);
  if (part !== undefined) return { state: part, part: wanted };
  const what = `the state has no part ${safe(wanted)}`;
  const known = typeof state === 'object' && state !== null ? Object.keys(state).join(', ') : '';
  const todo = `Name one of these, or a part of it after a dot, such as accounts.burn: ${known}`;
  throw new CliFailure(EXIT.untrue, 'part_unknown', what, 'The log was replayed as far as you said.', todo);
}

interface Result {
  readonly entries: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly seconds: number;
  readonly entriesPerSecond: number;
  readonly digest: string;
  readonly stateRoot: string;
  readonly divergence?: Divergence;
  readonly state?: unknown;
}

/** `compared`: the digest was compared with that of the result beside the proof. */
interface About {
  readonly path: string | null;
  readonly compared: boolean;
  readonly against: string | undefined;
}

function describe(io: Io, result: Result, about: About): string {
  const paint = painter(io, io.out);
  const { divergence, state } = result;
  const agrees = [
    ...(about.compared ? ['the digest is what result.json says'] : []),
    ...(about.against === undefined ? [] : [`it is as ${safe(about.against)} says`]),
  ];
  const end =
    divergence === undefined
      ? paint('green', agrees.length === 0 ? 'replayed' : `replayed: ${agrees.join(', ')}`)
      : divergenceText(paint, divergence, about.path);
  return [
    ...(state === undefined ? [] : [stateText(state)]),
    `${count(result.entries, 'entry', 'entries')}, ${result.accepted} accepted and ${result.rejected} rejected, in ${result.seconds.toFixed(3)} s (${result.entriesPerSecond} a second)`,
    ...(result.rejected === 0 ? [] : [REJECTED]),
    `digest     ${result.digest}`,
    `state root ${result.stateRoot}`,
    end,
  ].join('\n');
}

/** Many of an honest network are: whoever comes second with a CLAIM or a TICK, say. */
const REJECTED = 'What is rejected had no effect, by the rules: much of it came second, or too late.';

/** A state for people: JSON over several lines, safe to print. */
const stateText = (state: unknown): string => safeLines(JSON.stringify(state, null, 2));
