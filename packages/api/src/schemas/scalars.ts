import { z } from 'zod';
import { named } from './named.ts';

export const cid = named(
  'Cid',
  z
    .string()
    .regex(/^b[a-z2-7]{58}$/)
    .describe('A CID: version 1, base32 in lower case, sha2-256; raw, dag-cbor or dag-pb.'),
);

export const did = named(
  'Did',
  z
    .string()
    .regex(/^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/)
    .describe('The did:key of an Ed25519 key.'),
);

export const digest = named(
  'Digest',
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('32 bytes in hexadecimal.'),
);

export const micro = named('Micro', z.int().min(0).describe('An amount in micro-credits, millionths of a credit.'));

export const count = z.int().min(0);

/** ms since 1970 */
export const instant = named('Instant', z.int().min(0).describe('Milliseconds since 1970.'));

/** Price and time keep a fifth of the score at least. */
const REPUTATION_BPS_MAX = 8_000;

export const reputationBps = z
  .int()
  .min(0)
  .max(REPUTATION_BPS_MAX)
  .describe("Weight of the worker's standing in the score of bids, basis points; taken from that of the price.");

export const ownPolicy = cid.describe(
  'Capsule of a policy of its own, whose blocks were stored before: what the work has to pass besides the policy of the network.',
);
