import { describe, expect, it } from 'vitest';
import { agent } from '../support/keys.ts';
import { ADA, AUTHORITY, CREDIT, REQUESTER, World } from '../world.ts';

const STRANGER = agent('stranger');

describe('TRANSFER', () => {
  it('moves free credits', () => {
    const world = new World();
    const [before, after] = [world.free(REQUESTER), world.free(ADA)];
    world.accept(REQUESTER, 'TRANSFER', { to: ADA.did, amount: 7, create: false });
    expect(world.free(REQUESTER)).toBe(before - 7);
    expect(world.free(ADA)).toBe(after + 7);
  });

  it('to oneself makes nothing', () => {
    const world = new World();
    const before = world.free(REQUESTER);
    world.accept(REQUESTER, 'TRANSFER', { to: REQUESTER.did, amount: before, create: false });
    expect(world.free(REQUESTER)).toBe(before);
  });

  it('refuses a mistyped receiver unless the sender says that it is new', () => {
    const world = new World();
    world.refuse('account_unknown', REQUESTER, 'TRANSFER', { to: STRANGER.did, amount: 7, create: false });
    world.accept(REQUESTER, 'TRANSFER', { to: STRANGER.did, amount: 7, create: true });
    world.accept(REQUESTER, 'TRANSFER', { to: STRANGER.did, amount: 7, create: false });
    expect(world.free(STRANGER)).toBe(14);
  });

  it('refuses more than is free', () => {
    const world = new World();
    const amount = world.free(REQUESTER) + 1;
    world.refuse('funds_lacking', REQUESTER, 'TRANSFER', { to: ADA.did, amount, create: false });
  });
});

describe('MINT', () => {
  it('is the authority’s, under the cap', () => {
    const world = new World({ supplyCap: 40_000 * CREDIT });
    const minted = -world.balance('mint');
    const room = 40_000 * CREDIT - minted;
    world.refuse('authority_only', ADA, 'MINT', { to: ADA.did, amount: 1, create: false });
    world.refuse('supply_cap', AUTHORITY, 'MINT', { to: ADA.did, amount: room + 1, create: false });
    world.refuse('account_unknown', AUTHORITY, 'MINT', { to: STRANGER.did, amount: 1, create: false });
    const before = world.free(ADA);
    world.accept(AUTHORITY, 'MINT', { to: ADA.did, amount: room, create: false });
    expect(world.free(ADA)).toBe(before + room);
    world.refuse('supply_cap', AUTHORITY, 'MINT', { to: ADA.did, amount: 1, create: false });
  });
});

describe('STAKE', () => {
  it('moves free credits of a key to its stake', () => {
    const world = new World();
    const before = world.free(ADA);
    world.accept(ADA, 'STAKE', { amount: 5 });
    expect(world.free(ADA)).toBe(before - 5);
    expect(world.balance(`stake/${ADA.did}`)).toBe(5);
    world.refuse('funds_lacking', ADA, 'STAKE', { amount: before });
  });
});
