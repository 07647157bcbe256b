import { describe, expect, it } from 'vitest';
import { freeAccount, stakeAccount } from '../../src/accounts.ts';
import { ownDuties, workKey } from '../../src/duties/own.ts';
import { rejoinDuty } from '../../src/duties/time.ts';
import { logFee } from '../../src/log-fees.ts';
import { workBond } from '../../src/need-money.ts';
import { GossipView } from '../support/gossip-view.ts';
import type { Agent } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, LOG_FEES, World } from '../world.ts';

/** What a worker's key does now, but for signs of life. */
const own = (story: Story, view: GossipView): readonly string[] => {
  const me = {
    did: ADA.did,
    worksOn: new Set(['brief']),
    verifies: false,
    inspects: false,
    disputes: 'facts' as const,
    checks: false,
    acceptsPlansOf: null,
    plans: false,
    least: () => 0,
    divides: new Set<string>(),
  };
  return ownDuties(story.world.state, view, me, story.need, 0).duties.map(({ type }) => type);
};

describe('duties of a key that cannot pay for log space', () => {
  /** Takes all but `left` of what is free to a key. */
  const leave = ({ state }: World, { did }: Agent, left: number): void => {
    const account = freeAccount(did);
    state.accounts.set('burn', (state.accounts.get('burn') ?? 0) + (state.accounts.get(account) ?? 0) - left);
    state.accounts.set(account, left);
  };

  it('are no bid: it could not yield or renew', () => {
    const story = new Story(new World({ params: LOG_FEES }));
    const { world } = story;
    const bond = workBond(world.state, story.need);
    const spare = (1 + world.state.params.maxRenewals) * logFee(world.state.params, 1024);
    leave(world, ADA, bond + spare - 1);
    expect(own(story, new GossipView())).toEqual([]);
    leave(world, ADA, bond + spare);
    expect(own(story, new GossipView())).toEqual(['bid']);
  });

  it('are none that it says in the log of its own accord', () => {
    const story = new Story(new World({ params: LOG_FEES })).hire([ADA]);
    const view = new GossipView();
    view.works.set(workKey(story.id, 1), 'failed');
    expect(own(story, view)).toEqual(['yield']);
    leave(story.world, ADA, 100);
    expect(own(story, view)).toEqual([]);
    view.works.set(workKey(story.id, 1), 'done');
    expect(own(story, view)).toEqual(['commit']);
  });

  it('are to join again while its stake can pay', () => {
    const world = new World({ params: LOG_FEES });
    const [first] = world.verifiers;
    if (first === undefined) throw new Error('a world has verifiers');
    const { did } = first.who;
    leave(world, first.who, 0);
    Object.assign(world.state.members.get(did) ?? {}, { active: false });
    expect(rejoinDuty(world.state, did)).toMatchObject({ type: 'rejoin' });
    world.state.accounts.set(stakeAccount(did), 1);
    expect(rejoinDuty(world.state, did)).toBeNull();
  });
});
