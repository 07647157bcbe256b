import { type Commit, causeReasons, judgeMeasured, type Stated } from '@canswarm/kernel';
import { SkillError, type SkillResult } from '@canswarm/ports';
import { clip } from './clip.ts';

const REASONS_MAX = 8;

/** What a key finds of a result. */
interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'undecidable';
  readonly reasons: readonly string[];
}

/** A vote asserts that its leaves were read: without them nobody passes or fails anything. */
export const CANNOT_TELL: Judgement = { verdict: 'undecidable', reasons: ['not every leaf could be had'] };

/**
 * What a seat finds of a result: one that passes is failed where its worker said less than doing the work again took, or the policy of the
 * network denies that, or what the result states, which `count` says; it rejects where a block lacks. Source: `spec/13-policy.md`, the gate of seats.
 */
export async function judgementByWork(
  { asked }: Commit,
  ended: SkillResult | SkillError,
  count: () => Promise<Stated | null>,
): Promise<Judgement> {
  const judgement = judgementOf(ended);
  if (judgement.verdict !== 'pass' || asked === undefined) return judgement;
  // Who passes what a proof overturns loses its reserve: without the blocks nobody knows.
  const stated = await count().catch(() => undefined);
  if (stated === undefined) return CANNOT_TELL;
  const measured = ended instanceof SkillError || ended.action !== 'evaluate' ? undefined : ended.measured;
  const cause = judgeMeasured(asked, { work: measured ?? null, stated });
  return cause === null ? judgement : { verdict: 'fail', reasons: causeReasons(cause) };
}

/** A verifier whose own skill failed cannot tell; it never guesses. */
export function judgementOf(ended: SkillResult | SkillError): Judgement {
  if (ended instanceof SkillError) return { verdict: 'undecidable', reasons: [`evaluation ${ended.code}`] };
  if (ended.action !== 'evaluate') return { verdict: 'undecidable', reasons: ['evaluation gave no verdict'] };
  const reasons = ended.reasons.slice(0, REASONS_MAX).map((reason) => clip(reason));
  return {
    verdict: ended.verdict,
    reasons: reasons.length > 0 || ended.verdict === 'pass' ? reasons : ['no reason given'],
  };
}
