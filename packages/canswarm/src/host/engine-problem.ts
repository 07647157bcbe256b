import type { CheckedEngine, Divergence } from '@canswarm/node';
import { toHex } from '@canswarm/protocol';
import type { Logger } from '../home/log/logger.ts';
import type { Problems } from './problems.ts';

/** The policy engine of this node does not decide as the author of the policy was answered. */
class EngineDivergesError extends Error {
  override readonly name = 'EngineDivergesError';
  readonly code = 'diverges';
}

/** Tells what came of deciding the conformance vector of the policy that holds. */
export function noteEngine(problems: Problems, logger: Logger, check: CheckedEngine): void {
  if (check.status === 'away') {
    const { capsule, vector, why } = check;
    return logger.warn('the conformance vector of the policy cannot be had; the engine is not checked', {
      ...{ capsule, vector, why },
    });
  }
  if (check.status === 'passed') {
    problems.note('policy', null);
    return logger.info('the policy engine decides as the conformance vector says', {
      ...{ capsule: check.capsule, cases: check.cases },
    });
  }
  const { different, cases, first } = check;
  const told = `the policy engine decides ${different} of ${cases} cases otherwise than the conformance vector says, "${first.name}" first: ${JSON.stringify(first.decided)}, not ${JSON.stringify(first.due)}; this node does not vote`;
  logger.error(told, { capsule: check.capsule });
  problems.note('policy', new EngineDivergesError(told));
}

/** Told of a vote that names another evaluation than this node's own. */
export const DIVERGED = 'a vote names another evaluation of the policy than this node made';

/** What differs, and what this node asked; of what the member asked only the digest is known. */
export const divergenceText = (
  { named, due, ...about }: Omit<Divergence, 'input'>,
  input: Uint8Array | null,
): Readonly<Record<string, unknown>> => ({
  ...about,
  named: named === null ? null : toHex(named),
  due: due === null ? null : toHex(due),
  input: input === null ? null : new TextDecoder().decode(input),
});
