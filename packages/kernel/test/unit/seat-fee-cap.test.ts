import { describe, expect, it } from 'vitest';
import { needBody } from '../support/story.ts';
import { CREDIT, REQUESTER, World } from '../world.ts';

describe('the fee of a seat', () => {
  it('is at most what the class of the need allows, by the table or by what holds for all others', () => {
    const params = { seatFeeMax: { brief: 2 * CREDIT }, seatFeeMaxElse: CREDIT };
    const world = new World({ params });
    const post = (own: object) => needBody({ class: 'documents', ...own });
    world.accept(REQUESTER, 'NEED', post({ seatFee: CREDIT }));
    world.refuse('seat_fee_over_cap', REQUESTER, 'NEED', post({ seatFee: CREDIT + 1 }));
    world.accept(REQUESTER, 'NEED', post({ seatFee: 2 * CREDIT, class: 'brief' }));
    world.refuse('seat_fee_over_cap', REQUESTER, 'NEED', post({ seatFee: 2 * CREDIT + 1, class: 'brief' }));
    // A name that every object has is no class of the table.
    world.refuse('seat_fee_over_cap', REQUESTER, 'NEED', post({ seatFee: CREDIT + 1, class: 'constructor' }));
    expect(world.events('need_opened')).toHaveLength(2);
  });
});
