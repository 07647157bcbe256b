import { BundleError, HireError, UnsoundArtifactError } from '@canswarm/agent';
import type { ProblemCode } from '@canswarm/api';
import { LogAwayError } from '@canswarm/node';
import { ContentError, StorageError } from '@canswarm/ports';
import { HostError, type HostErrorCode } from '../host-error.ts';
import { Problem } from './http/problem.ts';

const CODES: Readonly<Partial<Record<HostErrorCode, ProblemCode>>> = {
  usage: 'malformed',
  not_found: 'not_found',
  not_final: 'not_final',
  refused: 'refused',
  join_refused: 'refused',
  join_timeout: 'refused',
  node_failed: 'refused',
  agent_attached: 'agent_attached',
};

/** What went wrong with a disk, without where it lies: the log has that. */
const STORAGE: Readonly<Partial<Record<StorageError['code'], readonly [what: string, hint: string]>>> = {
  full: ['the disk of the node is full', 'Free some space there, then try again.'],
  locked: ['another process holds a file of the node', 'Try again; see: canswarm doctor'],
  corrupt: ['a file of the node is damaged', 'See: canswarm doctor'],
  io: ['a file of the node cannot be read or written', 'See: canswarm doctor'],
  closed: ['the node is being stopped', 'Start it again with: canswarm up'],
};

/** What a failure of a handler is to whoever asked; null for a defect. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof HostError) {
    const code = CODES[error.code];
    return code === undefined ? null : new Problem(code, error.message, error.hint, { cause: error });
  }
  if (error instanceof HireError) {
    const code = error.code === 'not_done' ? 'not_final' : 'refused';
    return new Problem(code, error.message, error.hint, { cause: error });
  }
  if (error instanceof BundleError || error instanceof UnsoundArtifactError)
    return new Problem('refused', error.message, '', { cause: error });
  if (error instanceof ContentError) return contentProblem(error);
  if (error instanceof LogAwayError) return awayProblem(error);
  if (!(error instanceof StorageError)) return null;
  const [what, hint] = STORAGE[error.code] ?? [];
  return what === undefined ? null : new Problem('storage', what, hint, { cause: error });
}

const awayProblem = (error: LogAwayError): Problem =>
  new Problem(
    'storage',
    `the node is cut off from the log since ${new Date(error.since).toISOString()}, and the command waited for it in vain`,
    'Nothing was sent, now or later. Try again once the log is back: canswarm status',
    { cause: error },
  );

/** Workers and the seats that passed their results serve them until they are paid. */
const AWAY =
  'The nodes that have it are away: try again when they run. Is a node of this home stopped? See: canswarm status';

function contentProblem(error: ContentError): Problem | null {
  const { code, cid } = error;
  switch (code) {
    case 'not_found':
      return new Problem('not_found', `neither this node nor a peer has ${cid}`, AWAY, { cause: error });
    case 'deadline':
      return new Problem('deadline', `neither this node nor a peer gave ${cid} in time`, 'Try again, or wait longer.', {
        cause: error,
      });
    case 'corrupt':
      return new Problem('storage', `the block ${cid} is damaged on the disk of the node`, 'See: canswarm doctor', {
        cause: error,
      });
    case 'too_large':
      return null;
  }
}
