import { commitRow, committeeOf, isAnswering, resultName, sitting, startAnswers } from '../committees.ts';
import { agreed, freshSeals, freshVotes, isSealing, record, recordable, voteFaults } from '../evidence.ts';
import type { Part } from '../part.ts';
import type { CommitteeRow } from '../tables.ts';
import { certify as takeVerdict } from '../verdicts.ts';

/** Seats whose seal is recorded, or would be. */
const sealedBy = (committee: CommitteeRow, fresh: ReadonlyMap<string, string>): number =>
  sitting(committee).filter(({ did, seal }) => seal !== null || fresh.has(did)).length;

export const certify: Part<'CERTIFY'> = {
  verb: 'CERTIFY',
  *faults(model, { body, entry }) {
    const commit = model.commits.find(({ id, settled }) => id === body.commit && !settled);
    const committee = committeeOf(model, resultName(body.commit));
    if (commit === undefined || committee === undefined) return yield 'commit_unknown';
    // Nobody answers before the draw, nor when the answer period is over.
    if (!isAnswering(model, committee)) yield 'committee_not_voting';
    if (committee.ballot !== body.ballot) yield 'ballot_other';
    const { envelopes } = entry.evidence;
    const wrong = [...voteFaults(model, committee, envelopes)];
    if (wrong.length > 0) return yield* wrong;
    if (isSealing(committee)) {
      const seals = freshSeals(committee, envelopes);
      const isAll = sealedBy(committee, seals) === committee.n;
      if (!isAll && !recordable(model, committee, seals)) yield 'votes_too_few';
      return;
    }
    const fresh = freshVotes(model, committee, envelopes);
    if (committee.phase === 'certified') {
      if (fresh.size === 0) yield 'commit_judged';
    } else if (agreed(committee, fresh) === null && !recordable(model, committee, fresh)) yield 'votes_too_few';
  },
  follow(model, { body, entry }) {
    const committee = committeeOf(model, resultName(body.commit));
    if (committee === undefined) return;
    if (isSealing(committee)) {
      const seals = freshSeals(committee, entry.evidence.envelopes);
      for (const seat of sitting(committee)) seat.seal ??= seals.get(seat.did) ?? null;
      if (sealedBy(committee, seals) === committee.n) startAnswers(model, committee, 'opening');
      return;
    }
    const fresh = freshVotes(model, committee, entry.evidence.envelopes);
    const verdict = agreed(committee, fresh);
    record(committee, fresh);
    if (committee.phase !== 'certified' && verdict !== null) takeVerdict(model, commitRow(model, body.commit), verdict);
  },
};
