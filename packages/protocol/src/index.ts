export { type Acceptance, encodeAcceptance, parseAcceptance, schemaFor } from './artifacts/acceptance.ts';
export {
  type Citation,
  type CitationFault,
  type CitationVerdict,
  checkCitation,
  noneRead,
  parseCitation,
  type ReadInputs,
} from './artifacts/citation.ts';
export { type Example, encodeExample, parseExample } from './artifacts/example.ts';
export {
  type BuiltFile,
  buildFile,
  type FilePart,
  type FileRef,
  leavesOf,
  partsOf,
  readRange,
  wholeFile,
} from './artifacts/file.ts';
export type { Absent, BlockSource, Malformed, Missing, Unfound } from './artifacts/found.ts';
export { checkSchema, parseSchema, type Schema, type SchemaVerdict } from './artifacts/schema.ts';
export { type BuiltRecord, buildRecord, buildTree } from './artifacts/tree-build.ts';
export type { TreeEntry } from './artifacts/tree-node.ts';
export { type FoundLeaf, type FoundTree, leafAt, listTree, lookup, walkTree } from './artifacts/tree-read.ts';
export { FETCHES_MAX, type WithBlocks, withBlocks } from './artifacts/with-blocks.ts';
export { openBatch, signBatch, verifyReads } from './batch.ts';
export { BoundedCache, BoundedSet } from './bounded-cache.ts';
export {
  compareBytes,
  compareText,
  concat,
  equalBytes,
  fromHex,
  fromUtf8,
  key32,
  toHex,
  u32be,
  utf8,
  utf8Length,
} from './bytes.ts';
export { decodeCbor } from './cbor/decode.ts';
export { encodeCbor } from './cbor/encode.ts';
export { type DagMap, type DagValue, isList, isMap, Link, linkOf, ownField } from './cbor/value.ts';
export {
  type Block,
  type CidCodec,
  cidFromBytes,
  cidOf,
  cidOfDigest,
  cidToBytes,
  codecOf,
  digestOf,
  parseCid,
} from './cid.ts';
export type { TypeOf } from './codec/codec.ts';
export { PROTOCOL_CODES, type ProtocolCode, ProtocolError, type Refusal } from './codes.ts';
export { type Credential, type CredentialClaims, credentialHolds, signCredential } from './credential.ts';
export type { Crypto, MessageSigner, Sha256 } from './crypto.ts';
export { fromDagJson, toDagJson } from './dag-json.ts';
export { didOfKey, keyOfDid, parseDid } from './did.ts';
export { isCanonicalPoint, strictVerify } from './ed25519.ts';
export { type EntryVerdict, sealEntry, signEntry, splitEntry, type VerifiedEntry, verifyEntry } from './entry.ts';
export { entryFromJson, entryToJson, LINE_CHARS_MAX } from './entry-json.ts';
export {
  type Opened,
  openEnvelope,
  payloadLength,
  type ReadEnvelope,
  readEnvelope,
  type SignedEnvelope,
  signEnvelope,
} from './envelope.ts';
export { type Evidence, encodeEvidence, holdsBlocks, shownBytes, type VerifiedEvidence } from './evidence.ts';
export {
  encodeGenesis,
  type Genesis,
  type GenesisAccount,
  type GenesisMember,
  genesisCid,
  parseGenesis,
} from './genesis.ts';
export {
  type ArtifactRef,
  asCommitId,
  asEnvelopeId,
  asNeedId,
  type Cid,
  type CommitId,
  type Did,
  type EnvelopeId,
  type Fence,
  type Head,
  type Micro,
  type NeedId,
  type Position,
  sameFence,
} from './ids.ts';
export { nextLamport } from './lamport.ts';
export * from './limits.ts';
export { createMemo, type Memo } from './memo.ts';
export { type Params, parseParams, type RawParams } from './params.ts';
export {
  bodyValue,
  buildPayload,
  type Draft,
  encodeBody,
  encodePayload,
  type Payload,
  type PayloadOf,
  parseBody,
  parsePayload,
} from './payload.ts';
export {
  type Capsule,
  capsuleCid,
  capsuleFromJson,
  capsuleHolds,
  capsuleToJson,
  encodeCapsule,
  encodeSource,
  POLICY_SCHEMA,
  parseCapsule,
  type SignedCapsule,
  type SourceFile,
  signCapsule,
} from './policy/capsule.ts';
export {
  type Conformed,
  conformDigest,
  parseVector,
  type VectorCase,
  vectorOfPieces,
  vectorPieces,
} from './policy/conformance.ts';
export {
  POLICY_FACT_BYTES_MAX,
  POLICY_FACTS_MAX,
  POLICY_NAME_BYTES_MAX,
  POLICY_REASONS_MAX,
  type PolicyDecision,
  type PolicyReason,
  type PolicyVerdict,
  policyDigest,
  readVerdict,
} from './policy/decision.ts';
export {
  type NetworkPolicy,
  type PolicyPieces,
  policyOf,
  policyOfPieces,
  policyPieces,
} from './policy/network-policy.ts';
export { PRESETS, type PresetName, presetParams } from './presets.ts';
export {
  bidSeal,
  capSeal,
  challengeSeal,
  type Planted,
  plantMark,
  type SealableVote,
  type Sealed,
  voteSeal,
} from './seal.ts';
export { taskNeedId } from './task-need.ts';
export {
  CHAIN_LENGTH_MAX,
  type JoinBody,
  type MintBody,
  type PolicyBody,
  type StakeBody,
  type TransferBody,
} from './verbs/account.ts';
export {
  type AttestPlanBody,
  BIDS_SEEN_MAX,
  type CancelBody,
  type DecideBody,
  MAIN_TASK,
  type NeedBody,
  type OpenCapBody,
  type PatchTask,
  type ProposeBody,
  proposalKind,
  type SealBidBody,
  wholeTask,
} from './verbs/bidding.ts';
export type { AlternateBody, ReconcileBody } from './verbs/heal.ts';
export type { ClaimBody, HeartbeatBody, MissBody, ReleaseBody, RenewBody, YieldBody } from './verbs/lease.ts';
export type { AttestStateBody, RestartBody } from './verbs/life.ts';
export {
  type AppealBody,
  type AttestBody,
  type CertifyBody,
  CHALLENGE_CLASSES,
  type ChallengeBody,
  type ChallengeClaim,
  type ChallengeClass,
  type CommitBody,
  type DismissBody,
  type FinalizeBody,
  type InvalidateBody,
  isJuryClass,
  JURY_CLASSES,
  type JudgeBody,
  type JuryClass,
  PROOF_CLASSES,
  type ProofClass,
  type RejectBody,
  type SealBody,
  type WorkUse,
} from './verbs/result.ts';
export type { ReportBody, TickBody } from './verbs/time.ts';
export { type Bodies, type GossipVerb, isLogVerb, isVerb, type LogVerb, VERBS, type Verb } from './verbs/verbs.ts';
export type { VerifiedEnvelope } from './verified-envelope.ts';
