import type { ChallengeClass, Micro, Params, VerifiedEntry } from '@canswarm/protocol';

const KIB = 1024;
/** Gas of a schema's judgement that counts as much as a block. */
const GAS_OF_UNIT = 10_000;
const WITH_GAS: ReadonlySet<ChallengeClass> = new Set(['schema_violation', 'policy_violation']);

/**
 * What a proof is worth in work: an envelope, a block and a KiB of them count one each, and a judgement by a schema or by a policy the
 * gas of a proof. Known before anything is judged.
 */
const proofUnits = ({ proofGas }: Params, kind: ChallengeClass, shown: readonly Uint8Array[]): number => {
  const bytes = shown.reduce((sum, { length }) => sum + length, 0);
  return shown.length + Math.ceil(bytes / KIB) + (WITH_GAS.has(kind) ? Math.ceil(proofGas / GAS_OF_UNIT) : 0);
};

/** What the opening of a proof adds to its bond, by the envelopes and blocks that it shows. Source: `spec/06-money.md`, bonds. */
export const shownBond = (params: Params, kind: ChallengeClass, shown: readonly Uint8Array[]): Micro =>
  params.proofUnitBond * proofUnits(params, kind, shown);

/** The same by the evidence of an entry. */
export const proofBond = (
  params: Params,
  kind: ChallengeClass,
  { envelopes, blocks }: VerifiedEntry['evidence'],
): Micro => shownBond(params, kind, [...envelopes.map(({ bytes }) => bytes), ...blocks.values()]);
