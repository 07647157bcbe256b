import { z } from 'zod';
import { named } from './named.ts';
import { needEvents, needRecord } from './need.ts';
import { saidBid, saidVote } from './said.ts';
import { cid, count, did, instant, micro } from './scalars.ts';

const heardBid = named(
  'HeardBid',
  saidBid
    .extend({
      name: z.string().describe('What to call the worker.'),
      org: z.string().nullable().describe('Its organisation as the log knows it.'),
      score: count
        .nullable()
        .describe("By the need's weights, at most 100 000 000; the highest wins. Null: the log alone tells of it."),
      lost: z
        .object({
          code: z
            .string()
            .describe(
              '`outscored`: it counts, and another leads; `own_better`, `over_cap`, `cap_sealed`, `bond_lacking`, `unfit`, `seals_hidden`, `late`: it does not count.',
            ),
          detail: z.string().nullable().describe('What the law says of it.'),
        })
        .nullable()
        .describe('Why it does not lead; null: it leads, or the log alone tells of it.'),
    })
    .describe('A bid, whose it is, and what became of it as this node judges it.'),
);

const heardLease = named(
  'HeardLease',
  z
    .object({
      attempt: count,
      holder: did,
      expiresAt: instant.nullable().describe('Log time; null before it has begun.'),
      renewals: count,
      aliveMs: count
        .nullable()
        .describe('How long ago its holder gave a sign of life to this node; null: it has not yet.'),
    })
    .describe('Who has the task now.'),
);

const HINDRANCES = [
  'skill_unknown',
  'own_only',
  'price_low',
  'bond_short',
  'unvouched',
  'node_stopped',
  'away',
  'busy',
  'window_missed',
  'bids_lost',
  'none_chosen',
  'seats_lacking',
  'time_stands',
  'no_agreement',
  'attempt_lost',
  'no_taker',
  'deadline_passed',
] as const;

const hindrance = named(
  'Hindrance',
  z
    .looseObject({ code: z.enum(HINDRANCES) })
    .describe('What stands between a need and a result, with the facts that say so, by its code.'),
);

/** What a node knows of a need beyond the log. */
export const needOutlook = named(
  'NeedOutlook',
  z
    .object({
      needId: cid,
      time: instant.describe('Log time now.'),
      bids: z
        .array(heardBid)
        .describe(
          'Bids of the present round, the best first, then those that do not count; of the last one as it was decided once it is over.',
        ),
      votes: z.array(saidVote).describe('Votes heard of that committees of the need may count.'),
      lease: heardLease.nullable(),
      hindrances: z
        .array(hindrance)
        .describe('Why it has no result, as far as this node can know; empty while all goes well.'),
    })
    .describe(
      'What a node heard of a need and what it makes of it: the log does not say this, and other nodes may know other things.',
    ),
);

/** The story of a need so far. */
export const needStory = named(
  'NeedStory',
  z
    .object({
      record: needRecord,
      escrow: micro.describe('What went into escrow.'),
      people: needEvents.record.shape.people,
      entries: z.array(needEvents.entry).describe('Entries of the log that touched it, in order.'),
      complete: z.boolean().describe('Whether none before the first of these is missing.'),
      next: z.string().nullable().describe('`after` for the entries that follow; null when these are the last.'),
      outlook: needOutlook,
    })
    .describe('What happened to a need, and where it stands.'),
);
