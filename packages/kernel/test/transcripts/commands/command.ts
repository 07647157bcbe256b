import type { CommandLine } from '../script.ts';
import type { Stage } from '../stage.ts';

/** Does what a line says. What it has to say besides the trace of what was applied it says to the stage. */
export type Command = (stage: Stage, line: CommandLine) => void;
