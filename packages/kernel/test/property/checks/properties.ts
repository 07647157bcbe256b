import p01 from './properties/p01-one-decision.ts';
import p03 from './properties/p03-truth-wins.ts';
import p04 from './properties/p04-nothing-old.ts';
import p05 from './properties/p05-one-lease.ts';
import p06 from './properties/p06-certificates.ts';
import p09 from './properties/p09-conservation.ts';
import p10 from './properties/p10-reserves.ts';
import p11 from './properties/p11-fees-in-caps.ts';
import p12 from './properties/p12-windows.ts';
import p13 from './properties/p13-no-related-pay.ts';
import p14 from './properties/p14-own-word.ts';
import p16 from './properties/p16-same-plan.ts';
import p17 from './properties/p17-sealed-verdicts.ts';
import p18 from './properties/p18-fair-auction.ts';
import p19 from './properties/p19-sealed-auction.ts';
import p20 from './properties/p20-plants.ts';
import p24 from './properties/p24-marks-alone.ts';
import p25 from './properties/p25-one-life.ts';
import p26 from './properties/p26-suspended.ts';
import planInOrder from './properties/plan-in-order.ts';
import policy from './properties/policy.ts';
import reputation from './properties/reputation.ts';
import type { Property } from './step.ts';

/** Properties that are checked after every entry, one file each; P2 and P15 are checked where a history ends. */
export const PROPERTIES: readonly Property[] = [
  p01,
  p03,
  p04,
  p05,
  p06,
  p09,
  p10,
  p11,
  p12,
  p13,
  p14,
  p16,
  p17,
  p18,
  p19,
  p20,
  p24,
  p25,
  p26,
  policy,
  reputation,
  planInOrder,
];
