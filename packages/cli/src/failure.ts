/** Exit codes of every command. */
export const EXIT = {
  /** done and true */
  ok: 0,
  /** what was asked is not so */
  untrue: 1,
  /** the command was not understood */
  usage: 2,
  /** the environment lacks something */
  environment: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command: what happened, what it means, what to do. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exit: ExitCode;
  readonly code: string;
  readonly means: string;
  readonly todo: string;

  constructor(exit: ExitCode, code: string, what: string, means: string, todo: string) {
    super(what);
    this.exit = exit;
    this.code = code;
    this.means = means;
    this.todo = todo;
  }
}
