import { askedAbout, diverges, type State } from '@canswarm/kernel';
import type { Cid, Did, EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';

/** A vote that names another evaluation than this node's own; who of the two is right the log will say. */
export interface Divergence {
  readonly member: Did;
  readonly vote: EnvelopeId;
  /** The need that is voted for, or the commit. */
  readonly about: Cid;
  /** What the member names, and what this node found. */
  readonly named: Uint8Array | null;
  readonly due: Uint8Array | null;
  /** The policy that this node asked, and what; null where there was none. The vote does not tell what the member asked. */
  readonly capsule: Cid | null;
  readonly input: Uint8Array | null;
}

/** What there is to report of a vote that was heard; null where it names what this node found, or is none. */
export function divergenceOf(state: State, envelope: VerifiedEnvelope): Divergence | null {
  const { payload, id } = envelope;
  if (payload.verb !== 'ATTEST_PLAN' && payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') return null;
  if (!diverges(state, envelope)) return null;
  const asked = askedAbout(state, payload) ?? null;
  return {
    member: payload.from,
    vote: id,
    about: payload.verb === 'ATTEST_PLAN' ? payload.body.need : payload.body.commit,
    named: payload.body.policyDigest,
    due: asked?.digest ?? null,
    capsule: asked?.policy.cid ?? null,
    input: asked?.input ?? null,
  };
}
