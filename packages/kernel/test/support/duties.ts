import type { Me, OwnDuty, SharedDuty } from '../../src/duties/duty.ts';
import { ownDuties } from '../../src/duties/own.ts';
import { sharedDuties } from '../../src/duties/shared.ts';
import { BYSTANDER } from '../world.ts';
import type { GossipView } from './gossip-view.ts';
import { type Agent, sha256 } from './keys.ts';
import type { Story } from './story.ts';

export const me = (who: Agent, own: Partial<Me> = {}): Me => ({
  did: who.did,
  worksOn: new Set(),
  verifies: false,
  inspects: false,
  disputes: 'facts',
  checks: false,
  acceptsPlansOf: null,
  plans: false,
  least: () => 0,
  divides: new Set(),
  ...own,
});
export const worker = (who: Agent): Me => me(who, { worksOn: new Set(['brief']) });

/** The duties of a need that anyone may do now, done: each entry must be accepted. */
export function doShared(story: Story, view: GossipView): readonly SharedDuty['type'][] {
  const { world } = story;
  const duties = sharedDuties(world.state, view, story.need, sha256);
  for (const duty of duties) {
    if (duty.type === 'tick') throw new Error('a TICK is no duty of a need');
    const evidence = 'evidence' in duty ? { envelopes: duty.evidence } : undefined;
    if (duty.type === 'decide') {
      world.accept(BYSTANDER, 'DECIDE', { need: duty.need, round: duty.round, ballot: duty.ballot }, evidence);
    } else if (duty.type === 'certify') {
      world.accept(BYSTANDER, 'CERTIFY', { commit: duty.commit, ballot: duty.ballot }, evidence);
    } else if (duty.type === 'release') {
      const { need, attempt, fence } = duty;
      world.accept(BYSTANDER, 'RELEASE', { need, task: 'main', attempt, fence }, evidence);
    } else if (duty.type === 'rule') {
      throw new Error('nothing is disputed');
    } else if (duty.type === 'reconcile') {
      const { need, merged, orphaned, salvaged } = duty;
      world.accept(BYSTANDER, 'RECONCILE', { need, merged, orphaned, salvaged }, evidence);
    } else if (duty.type === 'suspend') {
      const { member, vote } = duty;
      world.accept(BYSTANDER, 'SUSPEND', { member, vote }, evidence);
    } else {
      world.accept(BYSTANDER, 'FINALIZE', { commit: duty.commit });
    }
  }
  return duties.map(({ type }) => type);
}

const typesOf = (duties: readonly OwnDuty[]): readonly OwnDuty['type'][] => duties.map(({ type }) => type);
export const own = (story: Story, view: GossipView, who: Me, now = story.world.now): readonly OwnDuty['type'][] =>
  typesOf(ownDuties(story.world.state, view, who, story.need, now).duties);
