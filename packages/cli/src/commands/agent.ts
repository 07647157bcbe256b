import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import { MODULE_MODES, type ProgramFlags, programSpec } from '../agent/program-spec.ts';
import { lineOf } from '../agent/tell.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { actingNode, canPay } from '../network/acting-node.ts';
import { NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
import { amount, wholeNumber } from '../plain-options.ts';
import { report } from '../report.ts';
import { safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface AgentFlags extends NetworkFlags {
  readonly credits?: number;
  readonly stake?: number;
  readonly threads: number;
  readonly watch?: boolean;
}

type ExecFlags = AgentFlags & ProgramFlags;

const THREADS_MAX = 64;
const TIMEOUT_S = 600;
const TIMEOUT_S_MAX = 86_400;
const OUTPUT_BYTES = 4_194_304;
const BPS = 10_000;

/** Names of files that can be loaded as modules. */
const MODULE = /\.[cm]?[jt]s$/;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

type Done = Parameters<Register>[2];

export const agentCommand: Register = (program, io, done) => {
  const agent = program
    .command('agent')
    .summary('let an agent of yours take part')
    .description(
      'Runs an agent in this process; the running node of its organisation holds its key, bids, commits and votes for it. Ctrl-C gives back what is under way.',
    )
    .addHelpText('after', examples('agent run agent.ts', 'init my-agent'));
  registerRun(agent, io, done);
  registerExec(agent, io, done);
};

const onNode = (command: Command): Command =>
  command
    .option('--credits <amount>', 'credits that a new agent is given (default: 20)', amount)
    .option('--stake <amount>', 'credits of them that a new verifier stakes (default: half)', amount)
    .option('--threads <n>', 'jobs at once', wholeNumber(1, THREADS_MAX), 2)
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION);

function registerRun(agent: Command, io: Io, done: Done): void {
  onNode(
    agent
      .command('run')
      .summary('run the agent that a file exports')
      .description(
        'Runs the agent that a TypeScript or JavaScript file exports as its default. Saved changes of it, and of what lies beside it, are taken up: work that is under way ends on the old code.',
      )
      .argument('<file>', 'export default defineAgent({ ... })')
      .option('--no-watch', 'do not take up what is saved'),
  )
    .addHelpText('after', examples('agent run agent.ts', 'agent run agent.ts --node acme --threads 4'))
    .action(async (file: string, options: AgentFlags) => done(await runFile(io, file, options)));
}

function registerExec(agent: Command, io: Io, done: Done): void {
  onNode(
    agent
      .command('exec')
      .summary('run a program as an agent, in any language')
      .description(
        'One process for each task. It gets {"need", "attempt", "goal", "input", "files": {name: path}, "outputDir"} as JSON on standard input and gives its output as JSON on standard output, bare or as {"output": ...}; files in outputDir go with it. It runs unconfined, with your rights. Another exit code than 0 gives the work back. Whoever hires by its offer pins the check, module and example named here; the agent judges its own output by them before it commits.',
      )
      .argument('<program...>', 'the program and its arguments, after --')
      .requiredOption('--name <name>', 'the name of the agent')
      .requiredOption('--skill <id>', 'what it can do, as needs name it')
      .requiredOption('--description <text>', 'what that is, for people')
      .requiredOption('--price <credits>', 'what it asks for one task', amount)
      .requiredOption('--input-schema <file>', 'JSON Schema of what it takes')
      .requiredOption('--output-schema <file>', 'JSON Schema of what it gives')
      .option('--check <name>', 'a certificate check that results must pass; may be given again', collect)
      .option('--module <file>', 'JavaScript or TypeScript that every seat judges results with, in a sandbox')
      .addOption(
        new Option(
          '--mode <mode>',
          'how the module judges: says yes or why not, does the work again, or scores it (default: check)',
        ).choices(MODULE_MODES),
      )
      .option(
        '--bound-bps <n>',
        'with bound: part of its own score that is due, of 10 000 (default: 9000)',
        wholeNumber(1, BPS),
      )
      .option('--example <file>', 'JSON of a case that passes, {"input": ..., "output": ...}; seats try it first')
      .option('--timeout <seconds>', 'most that one task may take', wholeNumber(1, TIMEOUT_S_MAX), TIMEOUT_S)
      .option('--output-bytes <n>', 'most that it may write', wholeNumber(1, OUTPUT_BYTES), OUTPUT_BYTES),
  )
    .addHelpText(
      'after',
      examples(
        'agent exec --name counter --skill word-count --description "Counts words" --price 0.5 \\\n      --input-schema in.json --output-schema out.json -- python3 count.py',
        'agent exec ... --module check.ts --example example.json -- python3 count.py',
      ),
    )
    .action(async (command: readonly string[], options: ExecFlags) => done(await runProgram(io, command, options)));
}

function runFile(io: Io, file: string, options: AgentFlags): Promise<ExitCode> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new CliFailure(EXIT.usage, 'usage', `there is no file ${safe(path)}`, '', 'Make one with: canswarm init');
  const isFolder = statSync(path).isDirectory();
  if (isFolder || !MODULE.test(path)) {
    const what = isFolder ? 'is a folder' : 'is no TypeScript or JavaScript';
    const todo = 'Name the file that exports it, such as agent.ts. Make one with: canswarm init';
    throw new CliFailure(
      EXIT.usage,
      'usage',
      `${safe(path)} ${what}`,
      'An agent is the default export of a module.',
      todo,
    );
  }
  return run(io, pathToFileURL(path).href, options.watch !== false, options);
}

async function runProgram(io: Io, command: readonly string[], options: ExecFlags): Promise<ExitCode> {
  const canswarm = await loadCanswarm();
  return run(io, canswarm.programEngine(programSpec(command, options, canswarm)), false, options);
}

async function run(io: Io, engine: string, watches: boolean, options: AgentFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const client = await actingNode(network, options, canPay);
  const { ApiAgentHost, localCrypto, runAgent } = network.canswarm;
  let isReported = false;
  await runAgent({
    host: new ApiAgentHost(client, localCrypto().sha256),
    engine,
    watches,
    credits: options.credits ?? null,
    stake: options.stake ?? null,
    threads: options.threads,
    signal: io.signal,
    onTold(told) {
      const line = lineOf(told);
      if (line !== null) io.err.write(`${line}\n`);
      if (told.type !== 'attached' || isReported) return;
      isReported = true;
      const { session: _, ...agent } = told.agent;
      if (options.json === true)
        report(io, true, { ...agent, skills: told.manifest.skills.map(({ id }) => id) }, () => '');
    },
  });
  return EXIT.ok;
}
