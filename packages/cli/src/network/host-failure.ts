import type { ApiError } from '@canswarm/api';
import type { HostError, HostErrorCode } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { safe, safeLines } from '../text.ts';

const EXITS: Readonly<Record<HostErrorCode, ExitCode>> = {
  usage: EXIT.usage,
  network_missing: EXIT.untrue,
  network_exists: EXIT.untrue,
  node_missing: EXIT.untrue,
  node_running: EXIT.untrue,
  node_not_running: EXIT.environment,
  cannot_listen: EXIT.environment,
  file_broken: EXIT.environment,
  invitation_broken: EXIT.usage,
  join_refused: EXIT.untrue,
  join_timeout: EXIT.environment,
  log_unreachable: EXIT.environment,
  log_other: EXIT.untrue,
  log_moved: EXIT.untrue,
  log_moving: EXIT.untrue,
  log_whole: EXIT.untrue,
  life_signed: EXIT.untrue,
  statement_other: EXIT.untrue,
  stake_lacking: EXIT.untrue,
  not_found: EXIT.untrue,
  not_final: EXIT.untrue,
  refused: EXIT.untrue,
  agent_attached: EXIT.untrue,
  node_failed: EXIT.untrue,
};

/**
 * A HostError, or the ApiError of a node, as the end of a command; null for any other error. Known by their names: the library
 * is loaded late.
 */
export function hostFailure(error: unknown): CliFailure | null {
  if (isApiError(error)) return apiFailure(error);
  if (!isHostError(error)) return null;
  const { code, message, hint } = error;
  return new CliFailure(EXITS[code] ?? EXIT.untrue, code, safe(message), safeLines(hint), '');
}

function apiFailure({ code, message, hint }: ApiError): CliFailure {
  const [what, todo] = [safe(message), safe(hint)];
  if (code === 'unreachable') return new CliFailure(EXIT.environment, 'node_not_running', what, todo, '');
  if (code === 'late') {
    return new CliFailure(EXIT.environment, 'node_not_running', what, todo, 'Look at its log: canswarm logs');
  }
  return new CliFailure(code === 'malformed' ? EXIT.usage : EXIT.untrue, code, what, todo, '');
}

const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && error.name === 'ApiError' && 'code' in error && 'hint' in error;

const isHostError = (error: unknown): error is HostError =>
  error instanceof Error && error.name === 'HostError' && 'code' in error && 'hint' in error;
