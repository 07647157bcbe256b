import {
  type Commit,
  type FoundOfWork,
  judgeMeasured,
  measuredFacts,
  type WorkFinding,
  withMeasured,
} from '@canswarm/kernel';
import type { Cid } from '@canswarm/protocol';
import type { NeedAnswer } from './need-policies.ts';

/**
 * What the policies say of work that passes, by what was found of it: why it fails, null where it does not, `away` where the need's policy
 * cannot be asked. The network's is asked first, and what it denies nobody allows. Source: `spec/13-policy.md`, the gate of seats.
 */
export async function judgeWork(
  { asked, askedOfNeed }: Pick<Commit, 'asked' | 'askedOfNeed'>,
  found: FoundOfWork,
  askNeed: (capsule: Cid, input: Uint8Array) => Promise<NeedAnswer>,
): Promise<WorkFinding | 'away' | null> {
  const finding = asked === undefined ? null : judgeMeasured(asked, found);
  if (askedOfNeed === undefined || finding?.code === 'policy_denied') return finding;
  const { capsule, input } = askedOfNeed;
  const unsaid = found.work === null ? [] : measuredFacts(input, found.work);
  // Once, with all that is known: so its worker asked before it committed, and nobody is answered otherwise.
  const facts = found.stated === null ? unsaid : [...unsaid, found.stated];
  const answer = await askNeed(capsule, withMeasured(input, facts));
  if (!answer.ok) return 'away';
  const { allow, reasons } = answer.decision;
  if (!allow) return { code: 'need_policy_denied', facts, denials: reasons };
  return unsaid.length === 0 ? null : { code: 'telemetry_false', facts: unsaid, denials: [] };
}
