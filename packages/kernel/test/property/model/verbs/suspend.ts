import { committeeOf, resultName } from '../committees.ts';
import { namesOther } from '../evidence.ts';
import type { Part } from '../part.ts';
import { conformedAt, isSuspended } from '../suspended.ts';

export const suspend: Part<'SUSPEND'> = {
  verb: 'SUSPEND',
  *faults(model, { body, entry }) {
    if ((model.members.get(body.member)?.tip ?? null) === null) yield 'member_unknown';
    if (isSuspended(model, body.member)) yield 'suspended_before';
    const { envelopes } = entry.evidence;
    const [vote] = envelopes;
    const payload = vote?.payload;
    const isVote = payload?.verb === 'ATTEST_PLAN' || payload?.verb === 'ATTEST' || payload?.verb === 'REJECT';
    if (envelopes.length !== 1 || vote?.id !== body.vote || !isVote || payload.from !== body.member)
      return yield 'divergence_unfit';
    const { head, network } = payload;
    if (network !== model.network) yield 'network_other';
    if (head.incarnation !== model.incarnation || head.position > model.position) yield 'vote_head_forked';
    if (head.position < conformedAt(model, body.member)) yield 'vote_head_early';
    if (payload.verb === 'ATTEST_PLAN') {
      if (!model.needs.some(({ id, settled }) => id === payload.body.need && !settled)) yield 'need_unknown';
    } else {
      const { commit } = payload.body;
      if (!model.commits.some(({ id, settled }) => id === commit && !settled)) yield 'commit_unknown';
      const committee = committeeOf(model, resultName(commit));
      if (committee?.sealed === true && ['voting', 'drawing'].includes(committee.phase)) yield 'seals_due';
    }
    if (!namesOther(model, payload)) yield 'digest_same';
  },
  follow(model, { body }) {
    model.suspensions.push({ did: body.member, position: model.position, conformedAt: null });
  },
};
