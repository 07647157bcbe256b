/**
 * What people write: agents with their skills, and what everybody needs to hand them work and to judge what they give.
 *
 *     export default defineAgent({ name: 'word-counter', skills: [{ id: 'word-count', ... }] });
 *
 * Source: `spec/12-agents.md`.
 */
export {
  AGENT_CHECKER,
  type AgentTerms,
  type BuiltTerms,
  buildTerms,
  type ModuleMode,
  type PinnedModule,
  readTerms,
  type TermsDraft,
} from './acceptance/agent-acceptance.ts';
export { type SoundTerms, soundTerms, termsFor, UnsoundTermsError } from './acceptance/sound-terms.ts';
export {
  type Bundle,
  type BundleDraft,
  BundleError,
  CITATIONS,
  CITATIONS_MAX,
  publishBundle,
  VALUE,
} from './bundle/bundle.ts';
export { FILES, FILES_BYTES_MAX, FILES_MAX, type Files } from './bundle/files.ts';
export { type HeldBundle, heldBundle, heldFile, readBundle } from './bundle/read-bundle.ts';
export { CertificateChecks } from './checks/certificates.ts';
export { differenceOf } from './checks/due/difference.ts';
export { DueFile } from './checks/due/due-file.ts';
export { compareOutput, type DueOutput } from './checks/due/due-output.ts';
export { Faults, firstReasons } from './checks/due/faults.ts';
export { evaluateByTerms } from './checks/evaluate.ts';
export { inspect, type RecordGround, recordFault } from './checks/inspect.ts';
export type { JudgingTools } from './checks/judge-by-pins.ts';
export { defineAgent, isAgent } from './define-agent.ts';
export type {
  Agent,
  AgentContext,
  AgentInfo,
  AgentLog,
  AnySkill,
  CertificateCheck,
  CheckedWork,
  Example,
  ExecuteContext,
  Judgement,
  PlanContext,
  Planner,
  PlanTask,
  SkillDefinition,
  UsedByWork,
  Verification,
  Work,
} from './definition.ts';
export { type Duration, milliseconds } from './hire/duration.ts';
export { type HireOptions, type HirePart, hireOn, type SkillRef } from './hire/hire.ts';
export { HireError, type HireErrorCode } from './hire/hire-error.ts';
export { HiredWork } from './hire/hired-work.ts';
export { planTerms } from './hire/plan-terms.ts';
export { fileMap, verificationTerms } from './hire/verification-terms.ts';
export type {
  FileMap,
  NeedStage,
  OwnPolicy,
  PostedWork,
  ProofOptions,
  SkillOffer,
  VerificationTerms,
  WorkDesk,
  WorkEvent,
  WorkOutput,
  WorkPart,
  WorkPlan,
  WorkRequest,
  WorkState,
  WorkTask,
} from './hire/work-desk.ts';
export { canonicalJson, jsonFault, parseJson } from './json.ts';
export {
  type AgentManifest,
  type ManifestSkill,
  type ManifestVerification,
  manifestText,
  termsOfManifest,
} from './manifest/agent-manifest.ts';
export { MANIFEST_BYTES_MAX } from './manifest/limits.ts';
export { manifestOf } from './manifest/manifest.ts';
export { type ReadManifest, readManifest } from './manifest/read-manifest.ts';
export { manifestHolds, type SignedManifest, signManifest } from './manifest/signed-manifest.ts';
export { type Credits, microOf } from './money.ts';
export { ProgramError, type ProgramLimits, type ProgramPlace, runProgram } from './program/run-program.ts';
export { blockFetcher, type FetchBlock, keepingFetcher } from './reading/fetch-blocks.ts';
export { readFile, UnsoundArtifactError } from './reading/read-file.ts';
export { readTree } from './reading/read-tree.ts';
export { agentSkill } from './run/agent-skill.ts';
export { judgeBySchema, UnjudgeableError } from './schema/json-schema.ts';
export type { InputOf, JsonSchema, OutputOf, SchemaFault, SchemaLike } from './schema/schema-like.ts';
export { faultLine, jsonSchemaOf, SCHEMA_BYTES_MAX, validateBy } from './schema/standard-schema.ts';
