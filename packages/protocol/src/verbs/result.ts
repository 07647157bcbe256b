import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record, recordWith } from '../codec/composites.ts';
import { bytes32, integer, link, oneOf, text } from '../codec/scalars.ts';
import {
  ARTIFACTS_MAX,
  STEPS,
  TREE_KEY_BYTES_MAX,
  USE_LIST_MAX,
  USE_NAME_BYTES_MAX,
  USE_ZONE_BYTES_MAX,
} from '../limits.ts';
import { artifact, commit, count, durationMs, envelope, fence, need, task } from './common.ts';

const used = list(text(USE_NAME_BYTES_MAX), 0, USE_LIST_MAX);
const egress = record({ label: text(USE_NAME_BYTES_MAX), zone: text(USE_ZONE_BYTES_MAX), bytes: integer() });

/** What the worker says that the work used besides; the policy of the network judges it. */
const use = record({ tokens: integer(), models: used, tools: used, egress: list(egress, 0, USE_LIST_MAX) });
export type WorkUse = TypeOf<typeof use>;

const telemetry = recordWith({ wallMs: durationMs, bytesRead: integer(), bytesWritten: integer() }, { use });

/** The result of a lease. */
export const commitBody = record({
  need,
  task,
  attempt: count,
  fence,
  outputs: list(artifact, 1, ARTIFACTS_MAX),
  telemetry,
  trace: nullable(link),
});
export type CommitBody = TypeOf<typeof commitBody>;

/** What every result vote binds; `steps` proves possession of sampled leaves, `salt` hides a sealed vote until it is opened. */
const vote = {
  commit,
  ballot: count,
  draw: count,
  steps: list(bytes32, STEPS, STEPS),
  salt: nullable(bytes32),
  /** Digest of what the law asked about the commit; null where the network had no policy for it. */
  policyDigest: nullable(bytes32),
};

/** A result seat says that its vote is made, and shows only the hash of it (`voteSeal`). */
export const sealBody = record({ commit, ballot: count, draw: count, seal: bytes32 });
export type SealBody = TypeOf<typeof sealBody>;

/** A result seat passes: it also asserts that it fetched the outputs and serves them until paid. */
export const attestBody = record(vote);
export type AttestBody = TypeOf<typeof attestBody>;

/** A result seat does not pass, and says why. */
export const rejectBody = record({ ...vote, verdict: oneOf(['fail', 'undecidable']), reasons: list(text(256), 1, 8) });
export type RejectBody = TypeOf<typeof rejectBody>;

/** Records the votes in its evidence. */
export const certifyBody = record({ commit, ballot: count });
export type CertifyBody = TypeOf<typeof certifyBody>;

/** Proof classes that are judged at once from blocks. */
export const PROOF_CLASSES = [
  'schema_violation',
  'missing_citation',
  'policy_violation',
  'equivocation',
  'false_digest',
  'worse_bid',
] as const;
export type ProofClass = (typeof PROOF_CLASSES)[number];

/** What a drawn jury decides, since no block proves it. */
export const JURY_CLASSES = ['wrong_output', 'unavailable', 'semantic_contradiction'] as const;
export type JuryClass = (typeof JURY_CLASSES)[number];

export const CHALLENGE_CLASSES = [...PROOF_CLASSES, ...JURY_CLASSES] as const;
export type ChallengeClass = ProofClass | JuryClass;

/** Whether a jury decides challenges of this class. */
export const isJuryClass = (kind: ChallengeClass): kind is JuryClass =>
  (JURY_CLASSES as readonly ChallengeClass[]).includes(kind);

/** Where the proof points: an output of the commit, a key of its tree, a step of an accused vote. */
export const claim = record({
  output: integer(0, ARTIFACTS_MAX - 1),
  key: text(TREE_KEY_BYTES_MAX, 0),
  step: integer(0, STEPS - 1),
});
export type ChallengeClaim = TypeOf<typeof claim>;

/** First a seal (`opening` null), later what it sealed. */
export const challengeBody = record({
  subject: link,
  class: oneOf(CHALLENGE_CLASSES),
  seal: bytes32,
  opening: nullable(record({ salt: bytes32, claim })),
});
export type ChallengeBody = TypeOf<typeof challengeBody>;

/** A challenge that was opened before a jury, named by the entry that laid its seal, and the commit that it is of. */
const dispute = { commit, challenge: envelope };

/** A juror or an arbiter says whether a challenge holds. `instance` counts from 1: the first jury, then one more for each appeal. */
export const judgeBody = record({
  ...dispute,
  instance: count,
  ballot: count,
  draw: count,
  verdict: oneOf(['uphold', 'dismiss', 'undecidable']),
  reasons: list(text(256), 0, 8),
});
export type JudgeBody = TypeOf<typeof judgeBody>;

/** Records the votes in its evidence that uphold a challenge. */
export const invalidateBody = record({ ...dispute, ballot: count });
export type InvalidateBody = TypeOf<typeof invalidateBody>;

/** Records the votes in its evidence that dismiss a challenge. */
export const dismissBody = record({ ...dispute, ballot: count });
export type DismissBody = TypeOf<typeof dismissBody>;

/** Asks for the next instance, with a bond that pays it. */
export const appealBody = record(dispute);
export type AppealBody = TypeOf<typeof appealBody>;

/** Settles a verified commit after its window. */
export const finalizeBody = record({ commit });
export type FinalizeBody = TypeOf<typeof finalizeBody>;
