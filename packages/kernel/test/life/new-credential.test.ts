import { signCredential } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { type Agent, makeChain } from '../support/keys.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, CREDIT, verifiersOf, World } from '../world.ts';

/** A key joins with a credential of another organisation. */
function moves(world: World, who: Agent): void {
  const chain = makeChain(`${who.name}/moved`, 40);
  const claims = { org: 'elsewhere', asn: 77, region: 'far' };
  const credential = signCredential(claims, who.did, world.state.network, AUTHORITY);
  world.accept(who, 'JOIN', { tip: chain.tip, length: chain.length, credential });
  world.useChain(who, chain);
}

/** The five seats that were drawn stay silent, so that five others are wanted: only with the key that moved there are as many. */
function toRedraw(world: World): void {
  const asked = world.events('draw_pending').length;
  world.tickUntil(() => world.events('draw_pending').length > asked && world.state.pendingDraws.size === 0, 100);
}

const nine = () => new World({ verifiers: verifiersOf(9, 9), params: { regionCapThirds: 3, silencesPerEpoch: 100 } });

describe('who got another credential', () => {
  it('does not sit twice on a subject', () => {
    const world = nine();
    const story = new Story(world).toPlanVotes();
    const [first] = story.seats(story.plan);
    if (first === undefined) throw new Error('a committee has seats');
    moves(world, first);
    toRedraw(world);
    expect(world.events('seated').filter(({ did }) => did === first.did)).toHaveLength(1);
    expect(world.events('draw_waiting')).not.toEqual([]);
  });

  it('does not judge its own work', () => {
    const world = nine();
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    world.accept(ADA, 'STAKE', { amount: 900 * CREDIT });
    moves(world, ADA);
    toRedraw(world);
    expect(story.jury.seats.map(({ did }) => did)).not.toContain(ADA.did);
    expect(world.events('draw_waiting')).not.toEqual([]);
  });
});
