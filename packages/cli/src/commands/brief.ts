import { resolve } from 'node:path';
import { Option } from 'commander';
import { requireAsked } from '../brief/asked.ts';
import { ending } from '../brief/ending.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { watch } from '../need/watch.ts';
import { wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

const PLANTS = ['none', 'liar', 'liar+lazy', 'stall', 'silent'] as const;
const STATEMENTS = 12;
const STATEMENTS_MAX = 64;

interface Options {
  readonly ask: string;
  readonly out: string;
  readonly worker?: string;
  readonly plant: (typeof PLANTS)[number];
  readonly includeSources?: boolean;
  readonly max: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const briefCommand: Register = (program, io, done) => {
  program
    .command('brief')
    .summary('answer a question by exact quotes from a folder, with a proof')
    .description(
      'Answers a question from the documents of a folder (text, Markdown, HTML) by exact quotes. A network of agents in this process bids for the work, does it, checks every quote against the bytes, pays and leaves a proof that anybody can verify.',
    )
    .argument('<folder>', 'the documents')
    .requiredOption('--ask <question>', 'what to answer')
    .option('--out <folder>', 'where brief.md, result.json and proof/ go', 'brief-out')
    .option(
      '--worker <program>',
      'your own program competes: question and documents as JSON on its standard input, quotes on its standard output. It runs UNSANDBOXED, with your rights',
    )
    .addOption(
      new Option('--plant <who>', 'let agents misbehave, to see what it costs them').choices(PLANTS).default('none'),
    )
    .option('--include-sources', 'whole documents go into the proof, not only what is cited')
    .option('--max <n>', 'most quotes', wholeNumber(1, STATEMENTS_MAX), STATEMENTS)
    .option(...JSON_OPTION)
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      examples(
        'brief node_modules --ask "How do I report a vulnerability?"',
        'brief docs --ask "What breaks when I upgrade?" --out upgrade --max 5',
        'brief docs --ask "Who signs releases?" --plant liar',
        'brief docs --ask "Who signs releases?" --worker "python3 my-agent.py" --json',
      ),
    )
    .action(async (folder: string, options: Options) => done(await brief(io, folder, options)));
};

async function brief(io: Io, folder: string, options: Options): Promise<ExitCode> {
  const { json = false, quiet = false, worker = null } = options;
  requireAsked('canswarm brief', folder, options.ask);
  const canswarm = await loadCanswarm();
  const { BriefError, runBrief } = canswarm;
  if (worker !== null) warnUnsandboxed(io, worker);
  const screen = watch(io, canswarm, quiet);
  try {
    const outcome = await runBrief({
      folder: resolve(folder),
      question: options.ask,
      out: resolve(options.out),
      plant: options.plant,
      worker,
      includeSources: options.includeSources ?? false,
      maxStatements: options.max,
      signal: io.signal,
      onEvent: (event) => screen.see(event),
    });
    screen.end();
    report(io, json, outcome, () => ending(io, outcome));
    return EXIT.ok;
  } catch (error) {
    screen.end();
    if (io.signal.aborted) throw interrupted();
    if (error instanceof BriefError) throw failureOf(error);
    throw error;
  }
}

function warnUnsandboxed(io: Io, worker: string): void {
  const paint = painter(io, io.err);
  io.err.write(
    `${paint('yellow', 'note')}: ${safe(worker)} runs unsandboxed, with your rights. Only name programs that you trust.\n`,
  );
}

const interrupted = (): CliFailure =>
  new CliFailure(EXIT.interrupted, 'interrupted', 'interrupted', 'The network was stopped; no proof was written.', '');

const EXITS: Readonly<Record<string, ExitCode>> = {
  folder: EXIT.usage,
  output: EXIT.environment,
  aborted: EXIT.interrupted,
};

function failureOf({ code, message, hint }: { code: string; message: string; hint: string }): CliFailure {
  return new CliFailure(EXITS[code] ?? EXIT.untrue, code, safe(message), 'No brief was made.', safe(hint));
}
