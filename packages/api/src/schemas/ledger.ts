import { z } from 'zod';
import { named } from './named.ts';
import { kernelEvent } from './need.ts';
import { cid, count, did, instant, micro } from './scalars.ts';

const YEAR_MS = 31_622_400_000;
const amount = z.int().min(1).describe('Micro-credits.');
const to = { to: did, amount, create: z.boolean().describe('Whether the receiver may be new.') };

/** What a key says about money and stake; the law judges it. */
const ledgerVerb = named(
  'LedgerVerb',
  z
    .discriminatedUnion('verb', [
      z.object({ verb: z.literal('TRANSFER'), ...to }),
      z.object({
        verb: z.literal('ESCROW'),
        ...to,
        periodMs: z.int().min(1).max(YEAR_MS).describe('Log time after which it goes back.'),
      }),
      z.object({ verb: z.literal('SETTLE'), escrow: cid, amount: micro.describe('What the payee gets of it.') }),
      z.object({ verb: z.literal('STAKE'), amount }),
      z.object({
        verb: z.literal('UNBOND'),
        amount,
        delegate: did.optional().describe('The key behind which the stake stands; own stake without it.'),
      }),
      z.object({ verb: z.literal('WITHDRAW'), unbonding: cid }),
      z
        .object({ verb: z.literal('DELEGATE'), delegator: did, delegate: did, amount: micro })
        .describe('By the delegate: the most that it takes. By the delegator: what it puts there.'),
      z.object({ verb: z.literal('LEAVE') }),
      z.object({ verb: z.literal('JOIN') }).describe('A verifier that left, or fell silent, takes part again.'),
    ])
    .describe('A verb of the ledger or of the pool, as the specification has it.'),
);

const standing = z.int().min(0).max(10_000).describe('Basis points, from the floor to 10 000.');

export const entryRequest = named(
  'EntryRequest',
  z
    .object({
      by: z.string().min(1).max(128).describe('A key of this node: its did, or the name of its agent.'),
      say: ledgerVerb,
    })
    .describe('An entry for the log, to be signed by a key of this node.'),
);

export const entryTaken = named(
  'EntryTaken',
  z
    .object({ id: cid, position: count, by: did, events: z.array(kernelEvent).describe('What it changed.') })
    .describe('An entry that the law accepted.'),
);

const unbonding = z.object({
  id: cid.describe('What WITHDRAW names it by.'),
  amount: micro,
  endsAt: instant.nullable().describe('Log time; null before its period began, or after it passed.'),
  over: z.boolean().describe('Whether it can be withdrawn.'),
  delegate: did.nullable().describe('The key that it stood behind; null for own stake.'),
});

const delegation = z.object({
  delegator: did,
  delegate: did,
  most: micro.describe('What the delegate takes of it at most.'),
  free: micro.describe('What stands there and backs nothing.'),
  reserved: micro.describe('What backs seats of the delegate.'),
});

const openEscrow = z.object({
  id: cid.describe('What SETTLE names it by.'),
  payer: did,
  payee: did,
  amount: micro,
  endsAt: instant.nullable().describe('Log time at which it goes back; null before its period began.'),
});

export const account = named(
  'Account',
  z
    .object({
      did,
      name: z.string().describe('What this node calls it.'),
      org: z.string().nullable().describe('As the log knows it; null: no authority vouches for it.'),
      position: count.describe('Entries applied.'),
      free: micro,
      withheld: micro.describe('Of the pay of trials: free with the next task that it takes with a bond.'),
      stake: micro.describe('Stake that backs nothing.'),
      reserve: micro.describe('Stake that backs seats.'),
      active: z
        .boolean()
        .nullable()
        .describe('Whether it can be drawn; null for a key that never joined as a verifier.'),
      silences: count,
      suspended: z
        .boolean()
        .describe('Whether it voted by another evaluation of the policy, and is drawn for nothing until it conforms.'),
      unbondings: z.array(unbonding),
      delegations: z
        .array(delegation)
        .describe('What it has behind others, and what others have, or may put, behind it.'),
      escrows: z.array(openEscrow).describe('Those that it set aside, and those that are for it.'),
      reputation: z
        .array(
          z.object({
            domain: z.string().describe('`judge`, or `work/CLASS` for needs of a class.'),
            points: micro.describe('Earned of burned credits; they fade.'),
            standing,
          }),
        )
        .describe(
          'What its organisation, or without one the key, has earned; empty for who stands at the floor everywhere.',
        ),
    })
    .describe('What a key owns and owes, as the log has it.'),
);

const poolEntity = z.object({
  entity: z.string().describe('`org:NAME`, or `unverified`.'),
  asn: count,
  region: z.string(),
  weight: count.describe('Its weight in a draw, after the cap.'),
  standing: standing.describe('As a judge, basis points: it weighs in draws.'),
  keys: z.array(
    z.object({
      did,
      name: z.string(),
      stake: micro.describe('Its own, and what counts of what others delegated to it.'),
      own: micro.describe('Its own of that.'),
      free: micro.describe('Stake that could back one more seat.'),
      seats: count.describe('Seats that it holds now.'),
      suspended: z.boolean().describe('Whether it is drawn for nothing until it conforms.'),
    }),
  ),
});

export const pool = named(
  'Pool',
  z
    .object({
      position: count.describe('Entries applied.'),
      logTime: instant,
      active: count.describe('Verifiers that may be drawn.'),
      k: z.array(z.int().min(1)).describe('Votes that decide, by attempt from the first; empty while too few may sit.'),
      least: count.describe('Entities that must be eligible.'),
      relaxed: z.boolean().describe('Whether fewer than that may judge now, in bootstrap.'),
      lacks: z
        .array(z.object({ what: z.enum(['verifiers', 'organisations']), is: count, least: count }))
        .describe('What is too few; needs wait for it, or in bootstrap it is what ends that.'),
      bootstrap: z
        .object({
          verifiers: count.describe('Active verifiers that end it.'),
          since: instant.nullable().describe('Log time since which they are there; null: they are not.'),
          forMs: count.describe('How long they must be there.'),
          finished: count.describe('Results that became final since.'),
          needs: count.describe('Or how many such results end it.'),
          valueMax: micro.describe('Most that a need may put into escrow meanwhile.'),
        })
        .nullable()
        .describe('How far a new network is on its way out of bootstrap; null for one that is not in it.'),
      pendingDraws: count,
      committees: count,
      entities: z.array(poolEntity),
      away: z
        .array(
          z.object({
            did,
            name: z.string(),
            entity: z.string(),
            stake: micro.describe('Without any nobody is drawn.'),
            active: z.boolean().describe('False for who left, or was silent too often.'),
            silences: count,
          }),
        )
        .describe('Members with a chain that cannot be drawn now.'),
    })
    .describe('Who can be drawn into committees, and how its health is.'),
);
