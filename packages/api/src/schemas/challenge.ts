import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, did, instant, micro } from './scalars.ts';

const by = z.string().min(1).max(128).describe('A key of this node: its did, or the name of its agent.');
const verdict = z.enum(['uphold', 'dismiss', 'undecidable']);
const reasons = z.array(z.string().min(1).max(256)).max(8);
const name = z.string().describe('What this node calls it.');

const instance = z.object({
  instance: count.describe('1 is the first; one more for each appeal.'),
  by: z.enum(['jury', 'arbiters']).describe('Who hears it.'),
  appellant: did.nullable().describe('Who appealed for it; null for the first, or after a jury that gave up.'),
  seats: count,
  votes: z
    .array(z.object({ seat: did, name, verdict: z.string(), reasons: z.array(z.string()) }))
    .describe('Recorded.'),
  ruling: z.enum(['uphold', 'dismiss']).nullable().describe('Null before, or where it came to nothing.'),
  failed: z.string().nullable().describe('Why it came to nothing.'),
});

const period = instant.nullable().describe('Log time; null while it does not run.');

export const challenge = named(
  'Challenge',
  z
    .object({
      id: cid.describe('The entry that laid its seal.'),
      needId: cid,
      subject: cid.describe('The result; the need where votes on its plan are accused.'),
      class: z.string().describe('What it says is wrong.'),
      challenger: did,
      name,
      state: z
        .enum(['sealed', 'heard', 'upheld', 'dismissed', 'undecided', 'lapsed', 'moot'])
        .describe('`heard` by a jury or arbiters; `lapsed`: never opened; `moot`: another was upheld.'),
      reason: z.string().nullable().describe('What decided it.'),
      bond: micro.nullable().describe('What its challenger has at stake; null when it is over.'),
      opensBy: instant.nullable().describe('Log time by which it is opened or burned; null where it does not run.'),
      answersBy: period.describe('Log time by which the present instance answers.'),
      appealBy: period.describe('Log time by which its ruling may be appealed.'),
      appealBond: micro.nullable().describe('What an appeal of now costs; null where no instance is left.'),
      appealTo: z.enum(['jury', 'arbiters']).nullable(),
      instances: z.array(instance).describe('Each that heard it, in order.'),
    })
    .describe('What is said against a result or a vote, and what came of it so far.'),
);

const bonds = z
  .object({ proof: micro, jury: micro })
  .describe('What a seal costs now: of a class that the law judges, and of one that a jury does.');

const judgedResult = z.object({
  commit: cid,
  needId: cid,
  worker: did,
  name: z.string(),
  verdict: z.string().nullable().describe('`pass`, `fail` or `undecidable`; null while it is judged.'),
  closesAt: instant.nullable().describe('Log time at which its window closes; null when none runs.'),
  heldUntil: instant.nullable().describe('Log time until which votes on it can be challenged.'),
  bonds,
  challenges: z.array(challenge),
});

export const challenges = named(
  'Challenges',
  z
    .object({ position: count, logTime: instant, results: z.array(judgedResult) })
    .describe('Results whose seats are not settled, with what is said against them.'),
);

export const challengeRequest = named(
  'ChallengeRequest',
  z
    .object({
      by,
      commit: cid.describe('The result.'),
      class: z.enum([
        'wrong_output',
        'unavailable',
        'semantic_contradiction',
        'schema_violation',
        'missing_citation',
        'policy_violation',
      ]),
      output: count.max(15).describe('Which output of the result is meant, from 0.'),
      key: z.string().max(256).describe('Which record of that output; a jury judges the whole result.'),
    })
    .describe('A challenge of a result, to be sealed and then opened by a key of this node.'),
);

export const appealRequest = named(
  'AppealRequest',
  z.object({ by }).describe('An appeal, to be signed by a key of this node.'),
);

export const judgementRequest = named(
  'JudgementRequest',
  z.object({ by, verdict, reasons }).describe('What a juror or an arbiter says of a challenge.'),
);

export const judgementSaid = named(
  'JudgementSaid',
  z
    .object({ id: cid.describe('Of the vote.'), by: did, challenge: cid, instance: count, verdict })
    .describe('A vote on its way to the others; it counts once enough say the same.'),
);
