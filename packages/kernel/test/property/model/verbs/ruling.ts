import type { RejectionCode } from '../../../../src/context.ts';
import { committeeOf, isAnswering, juryName } from '../committees.ts';
import { disputed, rule } from '../disputes.ts';
import { agreed, freshVotes, record, recordable, voteFaults } from '../evidence.ts';
import type { Part, Said } from '../part.ts';
import type { CommitteeRow, Model } from '../tables.ts';

type Ruled = Said<'INVALIDATE'> | Said<'DISMISS'>;

/** The committee that hears a dispute now. */
function hearing(model: Model, { body }: Ruled): CommitteeRow | undefined {
  const seal = disputed(model, body.commit, body.challenge);
  return committeeOf(model, juryName(body.challenge, seal?.dispute?.instance ?? 0));
}

function* faults(model: Model, said: Ruled, ruling: string): Iterable<RejectionCode> {
  const { body, entry } = said;
  const committee = hearing(model, said);
  if (disputed(model, body.commit, body.challenge) === undefined || committee === undefined)
    return yield 'dispute_unknown';
  if (!isAnswering(model, committee)) yield 'committee_not_voting';
  if (committee.ballot !== body.ballot) yield 'ballot_other';
  const { envelopes } = entry.evidence;
  const wrong = [...voteFaults(model, committee, envelopes)];
  if (wrong.length > 0) return yield* wrong;
  const fresh = freshVotes(model, committee, envelopes);
  if (committee.phase === 'certified') {
    if (fresh.size === 0) yield 'commit_judged';
    return;
  }
  const verdict = agreed(committee, fresh);
  if (verdict === null || verdict === 'undecidable') {
    if (!recordable(model, committee, fresh)) yield 'votes_too_few';
  } else if (verdict !== ruling) yield 'ruling_other';
}

function follow(model: Model, said: Ruled): void {
  const committee = hearing(model, said);
  if (committee === undefined) return;
  const fresh = freshVotes(model, committee, said.entry.evidence.envelopes);
  const verdict = agreed(committee, fresh);
  record(committee, fresh);
  if (committee.phase === 'voting' && verdict !== null && verdict !== 'undecidable') rule(model, committee, verdict);
}

export const invalidate: Part<'INVALIDATE'> = {
  verb: 'INVALIDATE',
  faults: (model, said) => faults(model, said, 'uphold'),
  follow,
};

export const dismiss: Part<'DISMISS'> = {
  verb: 'DISMISS',
  faults: (model, said) => faults(model, said, 'dismiss'),
  follow,
};
