import type { HomeError, HomeErrorCode } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { safe } from '../text.ts';

const EXITS: Readonly<Record<HomeErrorCode, ExitCode>> = {
  invalid: EXIT.usage,
  permissions: EXIT.environment,
  newer: EXIT.environment,
  not_a_home: EXIT.environment,
  full: EXIT.environment,
  io: EXIT.environment,
  busy: EXIT.environment,
  no_passphrase: EXIT.environment,
  damaged: EXIT.untrue,
  exists: EXIT.untrue,
  unknown: EXIT.untrue,
  wrong_passphrase: EXIT.untrue,
  in_use: EXIT.untrue,
};

/** A HomeError as the end of a command; null for any other error. Known by its name: the library is loaded late. */
export function homeFailure(error: unknown): CliFailure | null {
  if (!isHomeError(error)) return null;
  const { code, message, means, todo } = error;
  return new CliFailure(EXITS[code], code, safe(message), safe(means), safe(todo));
}

const isHomeError = (error: unknown): error is HomeError =>
  error instanceof Error && error.name === 'HomeError' && 'code' in error && 'means' in error && 'todo' in error;
