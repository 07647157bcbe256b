/**
 * What part of the checker's own best a brief must reach, in basis points, unless the requester asks for another. Chosen from
 * measurements: README.md, "Margins". Both honest engines stay well above it, quotes that miss the question well below.
 */
export const BOUND_BPS = 2000;

/** Below this coverage the documents hardly speak of the question; from the other on they do. In basis points. */
const COVERAGE_LOW_BPS = 3500;
const COVERAGE_HIGH_BPS = 6500;

/**
 * What is due of a brief when the best passage of all documents covers `coverageBps` of the question's information. Where the
 * documents do not answer a question, honest workers grasp at different straws: there less is demanded, in the end only truth.
 */
export function dueBps(boundBps: number, coverageBps: number): number {
  const above = Math.min(COVERAGE_HIGH_BPS, Math.max(COVERAGE_LOW_BPS, coverageBps)) - COVERAGE_LOW_BPS;
  return Math.floor((boundBps * above) / (COVERAGE_HIGH_BPS - COVERAGE_LOW_BPS));
}
