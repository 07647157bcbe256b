import type { ChallengeClass, Micro, Params, VerifiedEntry } from '@canswarm/protocol';
import type { Commit } from '../state.ts';

const KIB = 1024;
/** Gas of a judgement that counts as much as a block. */
const GAS_OF_UNIT = 10_000;

/** What is proven: a class of challenge, against a commit, or null for a plan. */
export interface Proven {
  readonly class: ChallengeClass;
  readonly commit: Pick<Commit, 'asked'> | null;
}

/** Gas that a judgement may take: by a schema that of a proof, by a policy that of the capsule, if it has more. */
function gasOf({ proofGas }: Params, { class: kind, commit }: Proven): number {
  if (kind === 'schema_violation') return proofGas;
  return kind === 'policy_violation' ? Math.max(proofGas, commit?.asked?.policy.gas ?? 0) : 0;
}

/**
 * What a proof is worth in work: an envelope, a block and a KiB of them count one each, and so does some gas of the judgement. Known before
 * anything is judged.
 */
const proofUnits = (params: Params, proven: Proven, shown: readonly Uint8Array[]): number => {
  const bytes = shown.reduce((sum, { length }) => sum + length, 0);
  return shown.length + Math.ceil(bytes / KIB) + Math.ceil(gasOf(params, proven) / GAS_OF_UNIT);
};

/** What the opening of a proof adds to its bond, by the envelopes and blocks that it shows. Source: `spec/06-money.md`, bonds. */
export const shownBond = (params: Params, proven: Proven, shown: readonly Uint8Array[]): Micro =>
  params.proofUnitBond * proofUnits(params, proven, shown);

/** The same by the evidence of an entry. */
export const proofBond = (params: Params, proven: Proven, { envelopes, blocks }: VerifiedEntry['evidence']): Micro =>
  shownBond(params, proven, [...envelopes.map(({ bytes }) => bytes), ...blocks.values()]);
