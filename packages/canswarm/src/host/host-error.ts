/** Why a node cannot be set up, started or asked. */
export type HostErrorCode =
  | 'usage'
  | 'network_missing'
  | 'network_exists'
  | 'node_missing'
  | 'node_running'
  | 'node_not_running'
  | 'cannot_listen'
  | 'file_broken'
  | 'invitation_broken'
  | 'join_refused'
  | 'join_timeout'
  | 'log_unreachable'
  | 'log_other'
  | 'log_moved'
  | 'log_moving'
  | 'log_whole'
  | 'life_signed'
  | 'statement_other'
  | 'stake_lacking'
  | 'not_found'
  | 'not_final'
  | 'refused'
  | 'agent_attached'
  | 'node_failed';

/** What happened, and what to do. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;
  readonly hint: string;

  constructor(code: HostErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
