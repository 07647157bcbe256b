import { type Did, equalBytes, type PayloadOf, policyDigest, type VerifiedEnvelope } from '@canswarm/protocol';
import type { Context } from '../context.ts';
import type { Pool, State } from '../state.ts';
import type { AskedOfLaw } from './network-policy.ts';

/** A vote that names the digest of an evaluation. */
export type EvaluatedVote = PayloadOf<'ATTEST_PLAN'> | PayloadOf<'ATTEST'> | PayloadOf<'REJECT'>;

/** What the law was asked about the entry whose effect runs, with the digest that votes about it name. */
export function askedInEffect({ state, answer, sha256 }: Context): { readonly asked?: AskedOfLaw } {
  if (answer === undefined || state.policy === null) return {};
  const { capsule, input, decision } = answer;
  return { asked: { input, policy: state.policy.present, digest: policyDigest(sha256, capsule, input, decision) } };
}

/** The vote that an envelope is, where it is one that names a digest. */
export const evaluatedVote = ({ payload }: VerifiedEnvelope): EvaluatedVote | null =>
  payload.verb === 'ATTEST_PLAN' || payload.verb === 'ATTEST' || payload.verb === 'REJECT' ? payload : null;

/**
 * What the law was asked about what a vote is about: the NEED of a plan, the COMMIT of a result. Null where the network had no policy for it,
 * undefined for what the log does not know, or has settled. Source: `spec/13-policy.md`, votes.
 */
export function askedAbout(
  { needs, commits }: Pick<State, 'needs' | 'commits'>,
  vote: EvaluatedVote,
): AskedOfLaw | null | undefined {
  const about = vote.verb === 'ATTEST_PLAN' ? needs.get(vote.body.need) : commits.get(vote.body.commit);
  return about === undefined ? undefined : (about.asked ?? null);
}

/** The digest that votes about this name; null where the network had no policy for it. */
export const digestOf = ({ asked }: { readonly asked?: AskedOfLaw }): Uint8Array | null => asked?.digest ?? null;

/** Whether a vote names another evaluation than the law's own; false for what is no such vote, or of something unknown. */
export function diverges(state: Pick<State, 'needs' | 'commits'>, envelope: VerifiedEnvelope): boolean {
  const vote = evaluatedVote(envelope);
  const asked = vote === null ? undefined : askedAbout(state, vote);
  return vote !== null && asked !== undefined && !isSame(vote.body.policyDigest, asked?.digest ?? null);
}

const isSame = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one === null || other === null ? one === other : equalBytes(one, other);

/** Whether a member is kept out of draws, since it voted by another evaluation and has not conformed since. */
export const isSuspended = ({ suspensions }: Pick<State, 'suspensions'>, did: Did): boolean =>
  suspensions.get(did)?.conformedAt === null;

/** A pool without suspended keys, and without entities that have no other; weights are as they were. */
export function drawable(state: Pick<State, 'suspensions'>, pool: Pool): Pool {
  const barred = new Set([...state.suspensions.keys()].filter((did) => isSuspended(state, did)));
  if (barred.size === 0) return pool;
  const entities = pool.entities
    .map((entity) => ({ ...entity, keys: entity.keys.filter(({ did }) => !barred.has(did)) }))
    .filter(({ keys }) => keys.length > 0);
  return { ...pool, entities };
}
