import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, did, digest, micro } from './scalars.ts';

const resultFile = named(
  'ResultFile',
  z.object({
    name: z.string().describe('Such as `brief.md` or `proof/audit.jsonl`.'),
    bytes: count,
    sha256: digest,
  }),
);

const briefSummary = named(
  'BriefSummary',
  z
    .object({
      statements: count,
      best: z
        .array(z.object({ quote: z.string(), path: z.string(), line: z.int().min(1) }))
        .describe('The first few of its quotes.'),
    })
    .describe('What a cited brief says.'),
);

export const needResult = named(
  'NeedResult',
  z
    .object({
      needId: cid,
      stage: z.literal('final'),
      network: cid,
      digest: digest.describe('Running digest at the pay of the last seat.'),
      stateRoot: z.string(),
      entries: count.describe('Entries up to there.'),
      slashed: z.array(did).describe('Who lost money, over all needs of the log up to there.'),
      paid: z.record(z.string(), micro).describe('Who was paid, by did.'),
      brief: briefSummary.nullable().describe('Null for a result that is no brief.'),
      files: z.array(resultFile).describe('The result and its proof.'),
    })
    .describe('A final result: what it is and which files prove it.'),
);
