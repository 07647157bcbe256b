import type { Command } from 'commander';
import type { ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';

/** Adds a command to the program. Its action calls `done` with the exit code, or throws a CliFailure. */
export type Register = (program: Command, io: Io, done: (exit: ExitCode) => void) => void;

/** Help shown below the options of a command. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ canswarm ${line}\n`).join('')}`;

export const JSON_OPTION = ['--json', 'last line of standard output is one JSON object'] as const;
