import { describe, expect, it } from 'vitest';
import { PERIOD_MS_MAX } from '../../src/timers.ts';
import { needBody, PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, AUTHORITY, BYSTANDER, REQUESTER, World } from '../world.ts';

const { windows } = needBody();

describe('NEED', () => {
  it('escrows the price cap and the fees of three committees', () => {
    const world = new World();
    const before = world.free(REQUESTER);
    const story = new Story(world);
    expect(world.balance(`escrow/${story.id}`)).toBe(PRICE_CAP + 15 * SEAT_FEE);
    expect(world.free(REQUESTER)).toBe(before - PRICE_CAP - 15 * SEAT_FEE);
    expect(story.need).toMatchObject({ phase: 'bidding', round: 1, pricePool: PRICE_CAP, feePool: 15 * SEAT_FEE });
    expect(story.plan.phase).toBe('drawing');
  });

  it('refuses periods below those of the network', () => {
    const world = new World();
    for (const name of ['bidMs', 'answerMs', 'challengeMs', 'leaseMs'] as const) {
      const shorter = { ...windows, [name]: windows[name] - 1 };
      world.refuse('window_too_short', REQUESTER, 'NEED', needBody({ windows: shorter }));
    }
  });

  it('refuses periods that no time could hold', () => {
    const world = new World();
    for (const name of ['bidMs', 'answerMs', 'challengeMs', 'leaseMs'] as const) {
      for (const asked of [PERIOD_MS_MAX + 1, Number.MAX_SAFE_INTEGER]) {
        world.refuse('period_too_long', REQUESTER, 'NEED', needBody({ windows: { ...windows, [name]: asked } }));
      }
    }
    world.refuse('period_too_long', REQUESTER, 'NEED', needBody({ deadlineMs: PERIOD_MS_MAX + 1 }));
  });

  it('refuses a deadline that bidding, answers and a lease do not fit in', () => {
    const least = windows.bidMs + windows.answerMs + windows.leaseMs;
    const world = new World();
    world.refuse('deadline_too_short', REQUESTER, 'NEED', needBody({ deadlineMs: least - 1 }));
    world.accept(REQUESTER, 'NEED', needBody({ deadlineMs: least }));
  });

  it('refuses what its sender cannot pay, whatever the size of the numbers', () => {
    const world = new World({
      free: PRICE_CAP + 15 * SEAT_FEE,
      params: { seatFeeMaxElse: Number.MAX_SAFE_INTEGER },
    });
    world.refuse('funds_lacking', REQUESTER, 'NEED', needBody({ priceCap: PRICE_CAP + 1 }));
    world.refuse('funds_lacking', REQUESTER, 'NEED', needBody({ seatFee: Number.MAX_SAFE_INTEGER }));
    world.refuse('funds_lacking', REQUESTER, 'NEED', needBody({ priceCap: Number.MAX_SAFE_INTEGER }));
    world.accept(REQUESTER, 'NEED', needBody());
    world.refuse('funds_lacking', REQUESTER, 'NEED', needBody());
  });
});

describe('CANCEL', () => {
  it('is the requester’s', () => {
    const world = new World();
    const story = new Story(world);
    world.refuse('requester_only', ADA, 'CANCEL', { need: story.id });
    world.refuse('requester_only', AUTHORITY, 'CANCEL', { need: story.id });
  });

  it('gives everything back while bids are taken', () => {
    const world = new World();
    const before = world.free(REQUESTER);
    const story = new Story(world);
    world.tick();
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    expect(world.free(REQUESTER)).toBe(before);
    expect(story.settled).toBe(true);
    expect(world.state.timers.list()).toEqual([]);
    expect(world.state.pendingDraws.size).toBe(0);
    world.refuse('need_unknown', REQUESTER, 'CANCEL', { need: story.id });
  });

  it('waits for a lease and for a judgement', () => {
    const world = new World();
    const story = new Story(world).hire();
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    story.deliver();
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    story.judge('pass');
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
    story.toWindowEnd().finalize();
    world.refuse('work_pending', REQUESTER, 'CANCEL', { need: story.id });
  });

  it('ends a task that nobody took, the paid plan seats keep their fees', () => {
    const world = new World();
    const before = world.free(REQUESTER);
    const story = new Story(world).hire([ADA]);
    world.accept(ADA, 'YIELD', { ...story.held(), reason: '' });
    expect(story.need.phase).toBe('ready');
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    expect(world.free(REQUESTER)).toBe(before - 5 * SEAT_FEE);
    expect(world.free(BYSTANDER)).toBe(before);
  });
});
