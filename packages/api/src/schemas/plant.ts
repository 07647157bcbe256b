import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, did, micro } from './scalars.ts';

export const plant = named(
  'Plant',
  z
    .object({
      number: count.describe('Of this node, from 1.'),
      stage: z
        .enum(['funding', 'unfunded', 'posted', 'hired', 'outbid', 'delivered', 'judged', 'settled', 'refused'])
        .describe('How far it is; `outbid`: another was hired, so it is work like any other.'),
      like: cid.describe('The need whose result it spoils.'),
      needId: cid.nullable().describe('Its own need; null before it was posted.'),
      requester: did.describe('The fresh key that posts it.'),
      worker: did.describe('The fresh key that delivers what is wrong.'),
      wrong: z
        .object({ class: z.enum(['schema_violation', 'missing_citation']), output: count, key: z.string() })
        .describe('Which record is wrong, and what proves it.'),
      verdict: z.string().nullable().describe('`pass` or `fail`; null while it is judged.'),
      seats: z
        .array(
          z.object({
            did,
            name: z.string().describe('What this node calls it.'),
            vote: z.string().nullable().describe('Null while it is not recorded.'),
            slashed: micro,
          }),
        )
        .describe('Who judged it: `pass` is wrong.'),
      opened: z.boolean().describe('Whether it was told to be a plant.'),
      sent: micro.describe('What its keys were sent.'),
      back: micro.describe('What they sent back; the rest it has cost once all is sent back.'),
      repaid: micro.describe('What of its cost the fund for plants repaid; in `back` once it is sent back.'),
      over: z.boolean().describe('Whether nothing of it is left to do.'),
    })
    .describe('A result that was made wrong to find seats that pass it.'),
);

export const plants = named('Plants', z.object({ plants: z.array(plant) }).describe('Newest first.'));

export const plantRequest = named(
  'PlantRequest',
  z
    .object({
      like: cid.nullable().default(null).describe('The need to plant again; null: the last with a final result.'),
    })
    .describe('What is to be planted.'),
);
