import type { Cid, Did, PolicyReason, Verb } from '@canswarm/protocol';

/** What a reason says, for people: `prices: price_cap_too_high (cap 9, limit 5)`. */
function reasonText({ rule, code, facts }: PolicyReason): string {
  const listed = Object.entries(facts).map(([name, fact]) => `${name} ${String(fact)}`);
  return `${rule}: ${code}${listed.length === 0 ? '' : ` (${listed.join(', ')})`}`;
}

/** Something was not signed: the policy of the network denies it, so that every node would refuse it, or that of the need, so that seats would. */
export class PolicyDeniedError extends Error {
  override readonly name = 'PolicyDeniedError';
  readonly did: Did;
  readonly verb: Verb;
  readonly whose: 'network' | 'need';
  readonly capsule: Cid;
  readonly reasons: readonly PolicyReason[];

  constructor({
    did,
    verb,
    whose,
    capsule,
    reasons,
  }: Pick<PolicyDeniedError, 'did' | 'verb' | 'whose' | 'capsule' | 'reasons'>) {
    super(`the policy of the ${whose} denies ${verb}: ${reasons.map(reasonText).join('; ') || 'it names no reason'}`);
    this.did = did;
    this.verb = verb;
    this.whose = whose;
    this.capsule = capsule;
    this.reasons = reasons;
  }
}
