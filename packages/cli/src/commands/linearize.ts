import { readFileSync } from 'node:fs';
import type { Format, Verdict } from '@canswarm/simulator';
import { Option } from 'commander';
import { badLines } from '../bad-lines.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { type Io, painter } from '../io.ts';
import { outFile } from '../out-file.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { count, indent, safe, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options {
  readonly json?: boolean;
  readonly format?: Format;
  readonly svg?: string;
  readonly seconds: number;
}

const FORMATS: readonly Format[] = ['jepsen', 'key-value', 'network'];
/** The beginning of a line of each. */
const SAMPLES: readonly (readonly [Format | '', string])[] = [
  ['jepsen', 'INFO  jepsen.util - 0 :invoke :write 4'],
  ['', 'of one register, as jepsen.util logs it: read, write, cas'],
  ['key-value', '{:process 0, :type :invoke, :f :get, :key "7", :value nil}'],
  ['', 'of texts by key: get, put, append'],
  ['network', '{"format":"canswarm/history/1"}'],
  ['', 'and what follows, as canswarm sim --history FILE writes it'],
];
/** Larger files than any that could be judged. */
const BYTES_MAX = 64 * 1024 * 1024;
/** Keeps a search under 1 GiB. */
const CONFIGURATIONS_MAX = 4_000_000;
const SECONDS = 8;
const SECONDS_MAX = 86_400;
/** Objects that are named, of those whose search was given up. */
const SHOWN = 12;

export const linearizeCommand: Register = (program, io, done) => {
  program
    .command('linearize')
    .summary('whether one order explains what clients saw')
    .description(
      'Reads calls and answers of concurrent clients, and looks for an order of them that keeps to real time and to what the object does: a register, texts by key, or the decision slots, leases and accounts of a network. An operation that was never answered may have taken effect then, later or never. Exit code 1: there is none, or the search was given up.',
    )
    .argument('<history>', 'the file with the calls and answers, in one of the formats below')
    .addOption(new Option('--format <format>', 'what the file is (default: as its first line says)').choices(FORMATS))
    .option('--svg <file>', 'draw the shortest bad beginning here')
    .option('--seconds <n>', 'give up after this long', wholeNumber(1, SECONDS_MAX), SECONDS)
    .option(...JSON_OPTION)
    .addHelpText('after', `\nFormats:\n${indent(table(SAMPLES))}`)
    .addHelpText(
      'after',
      examples(
        'linearize register.log',
        'linearize register.log --svg bad.svg',
        'linearize texts.txt --format key-value --json',
        'linearize calls.jsonl',
      ),
    )
    .action(async (path: string, options: Options) => done(await linearize(io, path, options)));
};

async function linearize(io: Io, path: string, { json = false, format, svg, seconds }: Options): Promise<ExitCode> {
  const { checkLinearizable, readHistory, timeline, HistoryError } = await import('@canswarm/simulator');
  const draw = svg === undefined ? null : outFile(svg);
  const text = textOf(path);
  const started = performance.now();
  let verdict: Verdict;
  try {
    const isOver = (): boolean => performance.now() - started > seconds * 1_000;
    verdict = checkLinearizable(readHistory(text, format), { configurations: CONFIGURATIONS_MAX, isOver });
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    const what = `${safe(path)}, line ${error.line}: ${safe(error.message)}`;
    const todo = 'What can be read: canswarm linearize --help';
    throw new CliFailure(EXIT.usage, 'history_unreadable', what, 'Nothing was judged.', todo);
  }
  const value = { ...verdict, seconds: (performance.now() - started) / 1_000 };
  if (verdict.bad !== null) draw?.(timeline(verdict.bad));
  report(io, json, value, () => tell(io, verdict, svg));
  return verdict.linearizable === true ? EXIT.ok : EXIT.untrue;
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= BYTES_MAX) return bytes.toString('utf8');
    const todo = 'Cut it: a beginning of a history is a history.';
    throw new CliFailure(EXIT.usage, 'too_large', `${safe(path)} is longer than 64 MiB`, 'Nothing was judged.', todo);
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    const what = `${safe(path)} cannot be read: ${safe(error instanceof Error ? error.message : String(error))}`;
    throw new CliFailure(EXIT.usage, 'no_file', what, '', 'Name a file with a history.');
  }
}

function tell(io: Io, { linearizable, model, operations, keys, pending, givenUp, bad }: Verdict, svg?: string): string {
  const paint = painter(io, io.out);
  const size = `${count(operations, 'operation')} on ${count(keys, 'object')} of the model ${model}, ${pending} never answered`;
  if (bad === null) {
    if (linearizable === true) return `${size}\n${paint('green', 'linearizable: an order explains every answer')}`;
    const names = givenUp.slice(0, SHOWN).map(safe).join(', ');
    return `${size}\n${paint('red', `not known: the search was given up for ${names}`)}; try --seconds`;
  }
  return [size, ...badLines(io, bad), ...(svg === undefined ? [] : ['', `Drawn in ${safe(svg)}`])].join('\n');
}
