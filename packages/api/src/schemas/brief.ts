import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, micro, ownPolicy, reputationBps } from './scalars.ts';

const STATEMENTS_MAX = 64;
/** Longest question and path, in bytes of UTF-8. */
const TEXT_BYTES_MAX = 4_096;
const CREDITS_MAX = 1e15;

const plainText = z
  .string()
  .min(1)
  .max(TEXT_BYTES_MAX)
  .refine((value) => value.isWellFormed() && Buffer.byteLength(value) <= TEXT_BYTES_MAX, {
    error: `at most ${TEXT_BYTES_MAX} bytes of UTF-8, well-formed`,
  });

const amount = z.int().min(1).max(CREDITS_MAX);

export const briefRequest = named(
  'BriefRequest',
  z
    .strictObject({
      folder: plainText.describe('Absolute path of a folder of the machine of the node, with the documents.'),
      question: plainText.regex(/\S/).describe('What to answer.'),
      maxStatements: z.int().min(1).max(STATEMENTS_MAX).describe('Most quotes.'),
      priceCap: amount.describe('Most that the work may cost, micro-credits.'),
      seatFee: amount.describe('Fee of each seat that judges, micro-credits.'),
      trial: z
        .enum(['funded', 'sponsored'])
        .optional()
        .describe('A small need for newcomers, without a bond: paid by its requester, or by the fund of the network.'),
      reputationBps: reputationBps.optional(),
      policy: ownPolicy.optional(),
      auction: z
        .enum(['open', 'sealed'])
        .optional()
        .describe('In a sealed auction nobody sees a bid before all are made; default: `open`.'),
      sealedCap: amount
        .optional()
        .describe('Most that it pays, told when bids are opened; at most `priceCap`. Only in a sealed auction.'),
    })
    .describe('A cited brief over the documents of a folder.'),
);

export const postedBrief = named(
  'PostedBrief',
  z
    .object({
      needId: cid,
      escrow: micro.describe('What went into escrow.'),
      documents: count,
      bytes: count,
      skipped: count.describe('Files that were not read.'),
    })
    .describe('A need that the log has taken.'),
);
