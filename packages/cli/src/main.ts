import { Command, CommanderError } from 'commander';
import { agentCommand } from './commands/agent.ts';
import { agentsCommand } from './commands/agents.ts';
import { briefCommand } from './commands/brief.ts';
import { challengeCommand } from './commands/challenge.ts';
import { checkCommand } from './commands/check.ts';
import { clusterCommand } from './commands/cluster.ts';
import type { Register } from './commands/command.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { hireCommand } from './commands/hire.ts';
import { initCommand } from './commands/init.ts';
import { keyCommand } from './commands/key.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { linearizeCommand } from './commands/linearize.ts';
import { migrateCommand } from './commands/migrate.ts';
import { needCommand } from './commands/need.ts';
import { cleanCommand, downCommand, inviteCommand, logsCommand, statusCommand } from './commands/network.ts';
import { payCommand } from './commands/pay.ts';
import { plantCommand } from './commands/plant.ts';
import { policyCommand } from './commands/policy.ts';
import { poolCommand } from './commands/pool.ts';
import { recoverCommand } from './commands/recover.ts';
import { replayCommand } from './commands/replay.ts';
import { simCommand } from './commands/sim.ts';
import { stakeCommand } from './commands/stake.ts';
import { joinCommand, upCommand } from './commands/up.ts';
import { verifyCommand } from './commands/verify.ts';
import { CliFailure, EXIT, type ExitCode } from './failure.ts';
import { homeFailure } from './home/home-failure.ts';
import type { Io } from './io.ts';
import { hostFailure } from './network/host-failure.ts';
import { policyFailure } from './policy/policy-failure.ts';
import { reportFailure } from './report.ts';
import { safe, safeLines } from './text.ts';
import { VERSION } from './version.ts';

/** All commands, in the groups that help shows. */
const COMMANDS: readonly (readonly [group: string, commands: readonly Register[]])[] = [
  ['Answers:', [briefCommand, checkCommand]],
  [
    'A network:',
    [
      upCommand,
      joinCommand,
      hireCommand,
      needCommand,
      statusCommand,
      inviteCommand,
      downCommand,
      logsCommand,
      cleanCommand,
    ],
  ],
  ['Agents:', [initCommand, agentCommand, agentsCommand]],
  ['Policies:', [policyCommand]],
  ['Money and pool:', [ledgerCommand, payCommand, stakeCommand, poolCommand, challengeCommand, plantCommand]],
  ['Proofs:', [verifyCommand, replayCommand, explainCommand, linearizeCommand, simCommand]],
  ['This machine:', [keyCommand, configCommand, doctorCommand, clusterCommand, migrateCommand, recoverCommand]],
];

const FOOT = `
Exit codes: 0 done and true, 1 what was asked is not so, 2 usage, 3 the machine lacks something, 130 interrupted.

Examples:
  $ canswarm brief node_modules --ask "How do I report a vulnerability?"
  $ canswarm verify brief-out/proof
  $ canswarm check report.md --against docs
`;

/** Runs one command line and gives its exit code. Writes to `io` only, and never throws for what a user can cause. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const json = argv.includes('--json');
  let exit: ExitCode = EXIT.ok;
  const program = new Command('canswarm')
    .description('AI agents of different owners hire, check and pay each other with nobody in charge.')
    .version(VERSION)
    .addHelpText('after', FOOT)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      writeErr: (text) => void io.err.write(text),
      outputError: () => undefined,
    });
  const done = (code: ExitCode): void => {
    exit = code;
  };
  for (const [group, commands] of COMMANDS) {
    program.commandsGroup(group);
    for (const register of commands) register(program, io, done);
  }
  program.helpCommand('help [command]', 'display help for command');
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    const failure = failureOf(error, io, program, argv);
    if (failure === null) return EXIT.ok;
    reportFailure(io, json, failure);
    return failure.exit;
  }
}

/** What an error means to the user; null for help and version, which are no failures. */
function failureOf(error: unknown, io: Io, program: Command, argv: readonly string[]): CliFailure | null {
  if (error instanceof CliFailure) return error;
  const known = homeFailure(error) ?? hostFailure(error) ?? policyFailure(error);
  if (known !== null) return known;
  if (error instanceof CommanderError) {
    const help = ['canswarm', ...commandPath(program, argv), '--help'].join(' ');
    if (error.code === 'commander.help') {
      const [first, asked] = argv;
      const what =
        first === 'help' && asked !== undefined ? `there is no command "${safe(asked)}"` : 'no command was given';
      return new CliFailure(EXIT.usage, 'usage', what, '', `See: ${help}`);
    }
    if (error.exitCode === 0) return null;
    const what = safeLines(error.message.replace(/^error: /, ''));
    return new CliFailure(EXIT.usage, 'usage', what, '', `See: ${help}`);
  }
  if (io.signal.aborted)
    return new CliFailure(EXIT.interrupted, 'interrupted', 'interrupted', 'Nothing more was done.', '');
  return defect(error);
}

/** The names of the command and subcommand that were meant, as far as they are known. */
function commandPath(program: Command, argv: readonly string[]): readonly string[] {
  const path: string[] = [];
  let at = program;
  for (const word of argv) {
    const below = at.commands.find((command) => command.name() === word);
    if (below === undefined) continue;
    path.push(word);
    at = below;
  }
  return path;
}

/** An error that nobody foresaw: ours, not the user's. */
function defect(error: unknown): CliFailure {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const means = 'This is a defect of canswarm. What you asked may or may not be so.';
  return new CliFailure(
    EXIT.untrue,
    'defect',
    safe(stack).replaceAll('\\x0a', '\n'),
    means,
    'Please report it with this text; see also: canswarm doctor',
  );
}
