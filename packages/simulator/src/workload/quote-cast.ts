import { type CastMember, type CastOptions, CREDIT, localCast } from 'canswarm';
import { QUOTE_SKILL } from './quote-skill.ts';

/** A cast that quotes: three workers of rising price, the last working through the planner. */
export const quoteCast = (own: Partial<CastOptions> = {}): readonly CastMember[] =>
  localCast({
    skill: QUOTE_SKILL,
    workers: [
      { engine: 'honest', priceBps: 5_000 },
      { engine: 'honest', priceBps: 6_000 },
      { engine: 'honest', priceBps: 6_500 },
    ],
    evaluate: 'honest',
    inspect: 'honest',
    stake: 1_000 * CREDIT,
    free: 1_000 * CREDIT,
    ...own,
  });
