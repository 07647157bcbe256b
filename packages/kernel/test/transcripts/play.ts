import { ACCOUNT_COMMANDS } from './commands/account.ts';
import type { Command } from './commands/command.ts';
import { JUDGE_COMMANDS } from './commands/judge.ts';
import { NEED_COMMANDS } from './commands/need.ts';
import { TIME_COMMANDS } from './commands/time.ts';
import { formatScript, parseCommand, parseScript } from './script.ts';
import { Stage } from './stage.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  world: (stage, line) => stage.make(line),
  ...NEED_COMMANDS,
  ...JUDGE_COMMANDS,
  ...ACCOUNT_COMMANDS,
  ...TIME_COMMANDS,
};

/** What of a trace is told with why it does not go on. */
const LAST_LINES = 12;

/** Every command, for what says that one is played nowhere. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/**
 * Plays a transcript in a world of its own, invariants checked after each entry, and gives its text as it is now. Throws, with the
 * command, what cannot be played.
 */
export function playScript(text: string): string {
  return playOn(new Stage(), text);
}

/** As `playScript`, on a stage of the caller. */
export function playOn(stage: Stage, text: string): string {
  const script = parseScript(text);
  const outcomes = script.blocks.map(({ commands }) =>
    commands.flatMap((line) => {
      const parsed = parseCommand(line);
      const command = Object.hasOwn(COMMANDS, parsed.name) ? COMMANDS[parsed.name] : undefined;
      if (command === undefined) throw new Error(`no command ${parsed.name}; there are ${COMMAND_NAMES.join(', ')}`);
      try {
        command(stage, parsed);
        return stage.told();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error([`${line}: ${why}; last of all:`, ...stage.told().slice(-LAST_LINES)].join('\n  '), {
          cause: error,
        });
      }
    }),
  );
  return formatScript(script, outcomes);
}
