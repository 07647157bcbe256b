import { z } from 'zod';
import { named } from './named.ts';
import { cid, count } from './scalars.ts';

/** Of a module of 491 520 bytes in base64. */
const ENGINE_CHARS_MAX = 655_360;
const CAPSULE_CHARS_MAX = 65_536;

export const policyRequest = named(
  'PolicyRequest',
  z
    .object({
      capsule: z.string().min(1).max(CAPSULE_CHARS_MAX).describe('The signed capsule, a line of DAG-JSON.'),
      engine: z.string().min(1).max(ENGINE_CHARS_MAX).describe('The compiled policy, in base64.'),
    })
    .describe('A policy that is to hold in the network.'),
);

export const policyTaken = named(
  'PolicyTaken',
  z
    .object({
      id: cid.nullable().describe('The entry that brought it; null where it held already, so that nothing was said.'),
      position: count.describe('It holds for every entry after this one.'),
      epoch: count.describe('The epoch that began with it.'),
      capsule: cid,
    })
    .describe('A policy that holds.'),
);
