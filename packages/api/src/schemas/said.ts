import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, did, micro } from './scalars.ts';

/** A bid as its bidder signed it. */
export const saidBid = named(
  'SaidBid',
  z
    .object({
      id: cid,
      by: did.describe('Who would do the work.'),
      planner: did.nullable().describe('Who planned it and signed the bid; null where the worker did.'),
      price: micro,
      outbids: cid.nullable().describe('The bid of somebody else that it improved on; null: none.'),
      etaMs: count.describe('How long it would take, ms.'),
    })
    .describe('A bid on a need.'),
);

/** A vote as its seat signed it. */
export const saidVote = named(
  'SaidVote',
  z
    .object({
      seat: did,
      subject: z.string().describe('What is judged: `plan/NEED/ROUND` or `result/COMMIT`.'),
      ballot: count,
      verdict: z.string().describe('`pass`, `fail`, `undecidable`; on a plan the id of the winning bid, or `none`.'),
      reasons: z.array(z.string()).describe('Why it does not pass a result.'),
    })
    .describe('A vote of a seat.'),
);
