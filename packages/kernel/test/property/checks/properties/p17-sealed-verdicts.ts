import { sealDue, sealSpoken, spoken } from '../../model/evidence.ts';
import type { Property, Seen } from '../step.ts';

/** What accepted entries brought for one seat in a ballot of a commit, the first of each kind. */
function said(trace: readonly Seen[], subject: string, ballot: number) {
  const seals = new Map<string, { seal: string; at: number }>();
  const votes = new Map<string, { seal: string | null; at: number }>();
  for (const { entry, applied } of trace) {
    if (!applied.outcome.accepted || entry.envelope.payload.verb !== 'CERTIFY') continue;
    for (const envelope of entry.evidence.envelopes) {
      const { from } = envelope.payload;
      const [vote, seal] = [spoken(envelope), sealSpoken(envelope)];
      const about = vote ?? seal;
      if (about?.subject !== subject || about.ballot !== ballot) continue;
      if (seal !== null && !seals.has(from)) seals.set(from, { seal: seal.verdict, at: applied.position });
      if (vote !== null && !votes.has(from)) votes.set(from, { seal: sealDue(envelope), at: applied.position });
    }
  }
  return { seals, votes };
}

export default {
  id: 'P17',
  holds: 'on tiers 4 and 6 a vote counts as it was sealed, and no seal after a vote was opened',
  needsModel: true,
  *check({ entry, applied, trace, model }) {
    const { payload } = entry.envelope;
    if (payload.verb !== 'CERTIFY' || !applied.outcome.accepted) return;
    const { commit, ballot } = payload.body;
    const need = model.needs.find(({ id }) => id === model.commits.find((row) => row.id === commit)?.need);
    if (need === undefined || ![4, 6].includes(need.body.tier)) return;
    const { seals, votes } = said(trace, `result/${commit}`, ballot);
    for (const [did, vote] of votes) {
      const laid = seals.get(did);
      if (laid === undefined || laid.at >= vote.at) yield `${did} votes on ${commit} and sealed nothing before`;
      else if (laid.seal !== vote.seal) yield `${did} votes on ${commit} otherwise than it sealed`;
    }
    const opened = Math.min(...[...votes.values()].map(({ at }) => at));
    if ([...seals.values()].some(({ at }) => at >= opened)) yield `${commit} is sealed after votes were opened`;
  },
} satisfies Property;
