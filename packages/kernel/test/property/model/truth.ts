import type { ArtifactRef, EnvelopeId } from '@canswarm/protocol';

/**
 * What is so, whatever the law makes of it: the model judges proofs by this alone. Whoever makes results and votes for a history
 * says here what they are worth.
 */
export interface Truth {
  /** The result class that an output breaks; null if it is what was asked for. */
  brokenBy(output: ArtifactRef | undefined): string | null;
  /** What an output states, and how much of that is cited. */
  stated(output: ArtifactRef | undefined): { readonly statements: number; readonly cited: number };
  /** Whether the steps of a vote are what its leaves give. */
  isHonest(vote: EnvelopeId): boolean;
}
