import type { Acceptance, ArtifactRef, Cid, Citation, DagValue } from '@canswarm/protocol';

/** What a proof's blocks are about: a need's inputs and acceptance, a commit's outputs. */
export interface ProofTask {
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
  readonly outputs: readonly ArtifactRef[];
}

/** A record of an output tree. */
export interface OutputRecord {
  readonly output: number;
  readonly key: string;
  readonly cid: Cid;
  readonly value: DagValue;
  /** Set when the record cites words of an input; then they stand there. */
  readonly citation: Citation | undefined;
}

/** All that the blocks of a proof say, found true. */
export interface ProofContent {
  readonly ok: true;
  readonly acceptance: Acceptance;
  readonly records: readonly OutputRecord[];
}

/** The roots that a proof's CAR names. */
export function proofRoots({ inputs, acceptance, outputs }: ProofTask): readonly Cid[] {
  return [...new Set([...outputs.map(({ cid }) => cid), acceptance, ...inputs.map(({ cid }) => cid)])];
}
