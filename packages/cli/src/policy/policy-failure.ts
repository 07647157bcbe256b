import type { PolicyFault, PolicyFaultCode } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { safe } from '../text.ts';

const EXITS: Readonly<Record<PolicyFaultCode, ExitCode>> = {
  folder: EXIT.usage,
  malformed: EXIT.usage,
  opa_missing: EXIT.environment,
  opa_version: EXIT.environment,
  opa_failed: EXIT.untrue,
  refused: EXIT.untrue,
  case: EXIT.untrue,
  stale: EXIT.untrue,
  unsigned: EXIT.untrue,
};

/** A PolicyFault as the end of a command; null for any other error. Known by its name: the library is loaded late. */
export function policyFailure(error: unknown): CliFailure | null {
  if (!isPolicyFault(error)) return null;
  const { code, message, means, todo } = error;
  return new CliFailure(EXITS[code], code, safe(message), safe(means), safe(todo));
}

const isPolicyFault = (error: unknown): error is PolicyFault =>
  error instanceof Error && error.name === 'PolicyFault' && 'code' in error && 'means' in error && 'todo' in error;
