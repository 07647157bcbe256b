import { describe, expect, it } from 'vitest';
import { snapshot } from '../../src/state-root.ts';
import { LYING } from '../support/documents.ts';
import { needBody, Story } from '../support/story.ts';
import { ADA, REQUESTER, World } from '../world.ts';

const body = { to: ADA.did, amount: 1, create: false };

describe('what every entry must meet', () => {
  it('is of this network, epoch and policy', () => {
    const world = new World();
    world.refuse('network_other', REQUESTER, 'TRANSFER', body, undefined, { network: LYING.cid });
    world.refuse('epoch_other', REQUESTER, 'TRANSFER', body, undefined, { epoch: 2 });
    const entry = world.entry(REQUESTER, 'TRANSFER', body);
    world.refuseEntry('policy_unknown', world.planted(entry, { policy: LYING.cid }));
  });

  it('is of a log verb', () => {
    const world = new World();
    const entry = world.entry(REQUESTER, 'TRANSFER', body);
    world.refuseEntry('verb_not_logged', world.planted(entry, { verb: 'REPORT', body: { time: 1, preimage: null } }));
  });

  it('names a head of this history', () => {
    const world = new World();
    world.accept(REQUESTER, 'TRANSFER', body);
    const head = world.head();
    const other = { ...head, digest: new Uint8Array(32) };
    world.refuse('incarnation_other', REQUESTER, 'TRANSFER', body, undefined, { head: { ...head, incarnation: 2 } });
    world.refuse('head_ahead', REQUESTER, 'TRANSFER', body, undefined, { head: { ...head, position: 1000 } });
    world.refuse('head_forked', REQUESTER, 'TRANSFER', body, undefined, { head: other });
    world.accept(REQUESTER, 'TRANSFER', body, undefined, { head });
  });

  it('names a head of the window', () => {
    const world = new World({ params: { headWindow: 16 } });
    const first = world.head();
    for (let count = 0; count < 16; count += 1) world.accept(REQUESTER, 'TRANSFER', body);
    world.accept(REQUESTER, 'TRANSFER', body, undefined, { head: first });
    world.refuse('head_stale', REQUESTER, 'TRANSFER', body, undefined, { head: first });
  });

  it('takes effect once, as long as its head lies in the window and for ever after', () => {
    const world = new World({ params: { headWindow: 16 } });
    const entry = world.entry(REQUESTER, 'TRANSFER', body);
    world.apply(entry);
    for (let count = 0; count < 15; count += 1) {
      world.refuseEntry('replayed', entry);
    }
    for (let count = 0; count < 20; count += 1) {
      const again = world.apply(entry);
      expect(again.outcome.accepted).toBe(false);
    }
  });

  it('is remembered for the head window, and a sweep longer', () => {
    const world = new World({ params: { headWindow: 16 } });
    const remembered = () => (snapshot(world.state)['accepted'] as ReadonlyMap<string, number>).size;
    for (let count = 0; count < 200; count += 1) {
      world.accept(REQUESTER, 'TRANSFER', body);
      expect(remembered()).toBe(Math.min(world.state.position, 17));
      expect(world.state.accepted.size).toBeLessThanOrEqual(17 + 63);
    }
  });

  it('names its need as its thread', () => {
    const world = new World();
    const story = new Story(world);
    const other = new Story(world);
    world.refuse('thread_other', REQUESTER, 'CANCEL', { need: story.id }, undefined, { thread: other.id });
    story.hire().deliver();
    const { id: commit } = story.commit;
    world.refuse('thread_other', REQUESTER, 'FINALIZE', { commit }, undefined, { thread: other.id });
    const seal = { subject: commit, class: 'equivocation', seal: new Uint8Array(32), opening: null } as const;
    world.refuse('thread_other', REQUESTER, 'CHALLENGE', seal, undefined, { thread: other.id });
  });

  it('leaves memory bounded: digests of the head window and of open needs', () => {
    const world = new World({ params: { headWindow: 16 } });
    for (let count = 0; count < 100; count += 1) world.accept(REQUESTER, 'TRANSFER', body);
    expect(world.state.digests.values.length).toBeLessThan(32);
    const first = world.head();
    world.accept(REQUESTER, 'NEED', needBody());
    for (let count = 0; count < 100; count += 1) world.accept(REQUESTER, 'TRANSFER', body);
    expect(world.head(first.position)).toEqual(first);
  });
});
