import { type Commit, causeReasons, type Stated } from '@canswarm/kernel';
import { SkillError, type SkillResult } from '@canswarm/ports';
import type { Cid } from '@canswarm/protocol';
import { clip } from './clip.ts';
import type { NeedAnswer } from './need-policies.ts';
import { judgeWork } from './work-gate.ts';

const REASONS_MAX = 8;

/** What a key finds of a result. */
interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'undecidable';
  readonly reasons: readonly string[];
}

/** A vote asserts that its leaves were read: without them nobody passes or fails anything. */
export const CANNOT_TELL: Judgement = { verdict: 'undecidable', reasons: ['not every leaf could be had'] };

/** Nobody passes what the need's policy was not asked about. */
const NEED_POLICY_AWAY: Judgement = { verdict: 'undecidable', reasons: ['the policy of the need cannot be asked'] };

/** What a seat needs others for. */
interface Askable {
  /** What the result states; rejects where a block lacks. */
  readonly count: () => Promise<Stated | null>;
  readonly askNeed: (capsule: Cid, input: Uint8Array) => Promise<NeedAnswer>;
}

/** What a seat finds of a result: one that passes is failed for what its work took or states, by `spec/13-policy.md`, the gate of seats. */
export async function judgementByWork(
  commit: Commit,
  ended: SkillResult | SkillError,
  { count, askNeed }: Askable,
): Promise<Judgement> {
  const judgement = judgementOf(ended);
  const isAsked = commit.asked !== undefined || commit.askedOfNeed !== undefined;
  if (judgement.verdict !== 'pass' || !isAsked) return judgement;
  // Who passes what a proof overturns loses its reserve: without the blocks nobody knows.
  const stated = await count().catch(() => undefined);
  if (stated === undefined) return CANNOT_TELL;
  const measured = ended instanceof SkillError || ended.action !== 'evaluate' ? undefined : ended.measured;
  const finding = await judgeWork(commit, { work: measured ?? null, stated }, askNeed);
  if (finding === 'away') return NEED_POLICY_AWAY;
  return finding === null ? judgement : { verdict: 'fail', reasons: causeReasons(finding) };
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
