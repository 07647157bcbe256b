import { alarmOf } from '../alarms.ts';
import { commitRow, committeeOf, resultName } from '../committees.ts';
import { agreed, freshVotes, record, recordable, voteFaults } from '../evidence.ts';
import type { Part } from '../part.ts';
import { certify as takeVerdict } from '../verdicts.ts';

export const certify: Part<'CERTIFY'> = {
  verb: 'CERTIFY',
  *faults(model, { body, entry }) {
    const commit = model.commits.find(({ id, settled }) => id === body.commit && !settled);
    const committee = committeeOf(model, resultName(body.commit));
    if (commit === undefined || committee === undefined) return yield 'commit_unknown';
    // Nobody answers before the draw, nor when the answer period is over.
    if (alarmOf(model, `answer:${committee.subject}`) === undefined) yield 'committee_not_voting';
    if (committee.ballot !== body.ballot) yield 'ballot_other';
    const { envelopes } = entry.evidence;
    const wrong = [...voteFaults(model, committee, envelopes)];
    if (wrong.length > 0) return yield* wrong;
    const fresh = freshVotes(model, committee, envelopes);
    if (committee.phase === 'certified') {
      if (fresh.size === 0) yield 'commit_judged';
    } else if (agreed(committee, fresh) === null && !recordable(model, committee, fresh)) yield 'votes_too_few';
  },
  follow(model, { body, entry }) {
    const committee = committeeOf(model, resultName(body.commit));
    if (committee === undefined) return;
    const fresh = freshVotes(model, committee, entry.evidence.envelopes);
    const verdict = agreed(committee, fresh);
    record(committee, fresh);
    if (committee.phase === 'voting' && verdict !== null) takeVerdict(model, commitRow(model, body.commit), verdict);
  },
};
