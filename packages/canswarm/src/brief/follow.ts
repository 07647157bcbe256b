import { type AccountId, type Commit, type Need, type State, stateRoot } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import { type CommitId, type Crypto, type Micro, type NeedId, toHex } from '@canswarm/protocol';
import type { AuditEntry } from '../audit/audit-text.ts';
import { walkLog } from '../audit/walk-log.ts';
import { bidsIn, votesIn } from '../need/said.ts';
import type { Network, Person } from '../network/network.ts';
import { BriefError, type BriefEvent } from './events.ts';
import { Tally } from './tally.ts';

/** A need that ended as it should: what was committed, and the log up to the pay of its last seat. */
export interface Settled {
  readonly need: Need;
  readonly commit: Commit;
  readonly entries: readonly AuditEntry[];
  readonly tally: Tally;
  /** The state as the last of these entries left it. */
  readonly digest: string;
  readonly stateRoot: string;
  readonly accounts: ReadonlyMap<AccountId, Micro>;
}

/**
 * Follows the one need of a network on the requester's own node: tells what happens, and resolves once the result is
 * final and every seat is paid. Rejects with a BriefError when the need ends otherwise or a node fails.
 */
export function followNeed(
  network: Network,
  requester: Person,
  crypto: Crypto,
  onEvent: (event: BriefEvent) => void,
): Promise<Settled> {
  const entries: AuditEntry[] = [];
  const tally = new Tally();
  const commits = new Map<CommitId, Commit | undefined>();
  let need: Need | null = null;
  let commit: Commit | null = null;
  // The node publishes events after a whole batch of records: its state may be ahead of these entries already.
  const ended = (): Pick<Settled, 'digest' | 'stateRoot' | 'accounts'> => {
    const { state, broken } = walkLog(network.genesis, entries, { crypto });
    if (state === null || broken !== null) throw new Error(`the own log does not replay: ${broken?.detail}`);
    return { digest: toHex(state.digest), stateRoot: stateRoot(state, crypto.sha256), accounts: state.accounts };
  };
  return new Promise((resolve, reject) => {
    const take = (applied: AppliedEntry, state: State): void => {
      entries.push({ position: applied.position, bytes: applied.entry.bytes });
      tally.take(applied.events);
      onEvent(entryEvent(network, applied, state));
      for (const event of applied.events) {
        if (event.type === 'need_opened') need = state.needs.get(event.need) ?? null;
        if (event.type === 'committed') commits.set(event.commit, state.commits.get(event.commit));
        if (event.type === 'finalized') commit = commits.get(event.commit) ?? commit;
        if (event.type === 'need_closed' && (event.status !== 'closed' || event.reason !== 'final'))
          reject(notFinal(event.status, event.reason));
        if (event.type === 'need_settled' && need !== null && commit !== null) {
          resolve({ need, commit, entries: [...entries], tally, ...ended() });
        }
      }
    };
    requester.node.listen({ onApplied: take });
    for (const { node, member } of network.people) {
      node.listen({
        onFailure: (error) =>
          reject(
            new BriefError(
              'node_failed',
              `the node of ${member.name} stopped: ${String(error)}`,
              'This is a defect: please report it with the files of this run.',
              { cause: error },
            ),
          ),
        onProgress: (_need: NeedId, _key, done, total, note) =>
          onEvent({ type: 'progress', role: member.name, done, total, note }),
      });
    }
  });
}

function entryEvent(network: Network, { position, outcome, events, entry }: AppliedEntry, state: State): BriefEvent {
  const { verb, from } = entry.envelope.payload;
  const role = network.byDid(from)?.member.name ?? 'unknown';
  const code = outcome.accepted ? null : outcome.code;
  const votes = entry.evidence.envelopes.flatMap(({ payload }) =>
    payload.verb === 'REJECT' ? payload.body.reasons : [],
  );
  const reasons = [...new Set(votes)];
  return {
    type: 'entry',
    position,
    verb,
    from,
    role,
    accepted: outcome.accepted,
    code,
    time: state.time,
    events,
    reasons,
    bids: bidsIn(entry.evidence.envelopes),
    votes: votesIn(entry.evidence.envelopes),
  };
}

function notFinal(status: string, reason: string): BriefError {
  if (status === 'cancelled') {
    const hint = 'The lines above say why each worker failed. Nothing was paid but the seats that chose the worker.';
    return new BriefError('not_final', 'every worker failed or gave up, and nobody claimed the task', hint);
  }
  const hint =
    reason === 'no bid was chosen'
      ? 'No worker wanted the need. Raise the price cap, or give workers more time.'
      : 'No attempt passed its committee in time. Give the machine more room, or ask over fewer documents.';
  return new BriefError('not_final', `the need ended as ${status}: ${reason}`, hint);
}
