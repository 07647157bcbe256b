import { z } from 'zod';
import { named } from './named.ts';
import { saidBid, saidVote } from './said.ts';
import { cid, count, did, instant, micro, ownPolicy } from './scalars.ts';

const artifactRef = named(
  'ArtifactRef',
  z.object({ cid, leaves: count.describe('Leaves of its tree.') }).describe('A committed artifact.'),
);

const durationMs = z.int().min(1).describe('Milliseconds.');

const needBody = named(
  'NeedBody',
  z
    .object({
      skill: z.string(),
      goal: z.string().nullable(),
      inputs: z.array(artifactRef),
      acceptance: cid.describe('What a result must be.'),
      tier: z
        .int()
        .min(1)
        .max(6)
        .describe('Tier of verification of the acceptance; votes on tiers 4 and 6 are sealed first.'),
      trial: z
        .enum(['funded', 'sponsored'])
        .nullable()
        .describe('For newcomers: small, without a bond; a sponsored one is paid by a fund.'),
      priceCap: micro.describe('Most that the work may cost.'),
      seatFee: micro.describe('What each seat that judges gets.'),
      scoring: z
        .object({ priceBps: count, etaBps: count, reputationBps: count })
        .describe('Weights of what a bid is scored by, basis points.'),
      windows: z.object({ bidMs: durationMs, answerMs: durationMs, challengeMs: durationMs, leaseMs: durationMs }),
      deadlineMs: durationMs.describe('How long after its start a commit is taken.'),
      class: z.string(),
      plan: z
        .object({
          tasks: count.describe('Tasks that a plan has at most.'),
          parts: z
            .array(z.object({ skill: z.string(), acceptance: cid, tier: z.int().min(1).max(6) }))
            .describe('Work besides its own.'),
        })
        .nullable()
        .describe('How planners may divide the work; null: not at all.'),
      auction: z.enum(['open', 'sealed']).describe('Whether bids are seen when they are made, or when all are.'),
      capSealed: z
        .boolean()
        .describe('Whether it may pay less than `priceCap`: how much is told when bids are opened.'),
      policy: ownPolicy.optional(),
    })
    .describe('What was asked for (spec/04-verbs.md, NEED).'),
);

const STAGES = [
  'open',
  'bidding',
  'choosing',
  'ready',
  'working',
  'judging',
  'challengeable',
  'final',
  'closed',
  'expired',
  'cancelled',
] as const;

const stage = named('NeedStage', z.enum(STAGES).describe('Where a need stands, as people say it.'));

/** What of a need changes. */
const standing = {
  stage,
  worker: did.nullable().describe('Who works or worked on it last.'),
  reason: z.string().nullable().describe('Why it ended, when it ended otherwise than final.'),
  settledAt: count.nullable().describe('Position at which its last seat was paid; null before.'),
};

const needStanding = named('NeedStanding', z.object(standing).describe('Where a need stands.'));

const needTask = named(
  'NeedTask',
  z
    .object({
      task: z.string().describe('Its name; `main` gives the result of the need.'),
      need: cid.describe('The need that the task is; the divided need itself for `main`.'),
      skill: z.string(),
      goal: z.string().nullable(),
      after: z.array(z.string()).describe('Tasks that it begins after, and whose outputs it is given.'),
      price: micro.describe('Most that its worker is paid.'),
      stage,
      worker: did.nullable().describe('Who works or worked on it last.'),
      reason: z.string().nullable().describe('Why it ended, when it ended otherwise than final.'),
      attempt: count.describe('How often it was begun.'),
    })
    .describe('A task of a plan.'),
);

const needPlan = named(
  'NeedPlan',
  z
    .object({
      version: count.describe('How many plans the need had, this one with them.'),
      planner: did.nullable(),
      share: micro.describe('What the planner is paid when the need is final.'),
      tasks: z.array(needTask).describe('In the order of the plan.'),
    })
    .describe('A plan of several tasks.'),
);

export const needRecord = named(
  'NeedRecord',
  z
    .object({
      id: cid,
      requester: did,
      body: needBody,
      position: count.describe('Position of its entry in the log.'),
      postedAt: instant.describe('Log time at which it was posted.'),
      ...standing,
      outputs: z.array(artifactRef).nullable().describe('Outputs of the final commit.'),
      plan: needPlan.nullable().describe('The tasks that its work is divided into; null: it is done whole.'),
    })
    .describe('What the log says of one need, up to its end and beyond.'),
);

export const needPage = named(
  'NeedPage',
  z.object({
    needs: z.array(needRecord).describe('Newest first.'),
    next: z.string().nullable().describe('The cursor of the next page; null on the last.'),
  }),
);

export const needId = named('NeedRef', z.object({ needId: cid }));

export const kernelEvent = named(
  'KernelEvent',
  z.looseObject({ type: z.string() }).describe('What an entry changed: flat, by its type (spec/03-kernel.md).'),
);

/** Events of `GET /v1/needs/{id}/events`. */
export const needEvents = {
  record: named(
    'NeedSnapshot',
    z
      .object({
        record: needRecord,
        escrow: micro.describe('What went into escrow.'),
        people: z
          .array(
            z.object({
              did,
              name: z.string(),
              org: z.string().nullable().describe('As the log knows it; null: no authority vouches for it.'),
            }),
          )
          .describe('What to call the members of the network.'),
      })
      .describe('The need as it stands now. First in a stream that resumes nothing, and after a gap; has no id.'),
  ),
  entry: named(
    'NeedEntry',
    z
      .object({
        position: count,
        verb: z.string(),
        from: did,
        role: z.string().describe('What to call who said it.'),
        accepted: z.boolean(),
        code: z.string().nullable().describe('Why it was rejected.'),
        time: instant.describe('Log time.'),
        events: z.array(kernelEvent),
        reasons: z.array(z.string()).describe('Why seats did not pass a result, from the votes that it brought.'),
        bids: z.array(saidBid).describe('Bids that it shows: those that the votes for a worker name.'),
        votes: z.array(saidVote).describe('Votes that it brings.'),
        after: needStanding,
      })
      .describe('An entry of the log that touched the need, and where it left it.'),
  ),
  progress: named(
    'NeedProgress',
    z
      .object({
        from: did,
        role: z.string().describe('What to call who said it.'),
        done: count,
        total: count,
        note: z.string().describe('At most 256 bytes.'),
      })
      .describe(
        'How far its worker says it is: the newest word alone, and nothing that the log knows. Only while somebody reads; has no id.',
      ),
  ),
  gap: named(
    'NeedGap',
    z
      .object({ after: count, until: count })
      .describe(
        'Entries between these positions, the second one included, may be missing: the node keeps no more of them.',
      ),
  ),
  end: named('NeedEnd', needStanding.extend({ needId: cid }).describe('Its last seat is paid: nothing more comes.')),
} as const;
