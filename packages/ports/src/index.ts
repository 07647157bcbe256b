/**
 * What a node needs from the world: one interface per port. Guarantees stand on the fields; each has a compliance suite in
 * `@canswarm/ports/compliance` that every adapter passes.
 */
export {
  assertAmount,
  assertAppend,
  assertBelow,
  assertBlockCount,
  assertBlockSize,
  assertCursor,
  assertDelay,
  assertGetOptions,
  assertMessage,
  assertPolicyProgram,
  assertProtocol,
  assertRandomLength,
  assertRequest,
  assertSandboxRun,
  assertShard,
  assertStoreBatch,
  assertStoreKey,
} from './arguments.ts';
export { CLOCK_DELAY_MS_MAX, type Clock } from './clock.ts';
export {
  CONTENT_BLOCK_BYTES_MAX,
  CONTENT_PUT_BLOCKS_MAX,
  type ContentCodec,
  ContentError,
  type ContentErrorCode,
  type ContentGetOptions,
  type ContentStore,
} from './content-store.ts';
export {
  type DecisionLog,
  isSameMark,
  LOG_APPEND_MAX,
  LOG_ENTRY_BYTES_MAX,
  LOG_FOLLOW_MAX,
  LOG_SHARD_LENGTH_MAX,
  type LogMark,
  type LogRecord,
  type MovableLog,
  type RecordsHandler,
  type Subscription,
} from './decision-log.ts';
export { jsonText } from './json-text.ts';
export { linksOf } from './links.ts';
export { type LogFollower, type LogFollowerOptions, logFollower } from './log-follower.ts';
export { METER_NAMES_MAX, METER_OVERFLOW, type Meter } from './meter.ts';
export {
  type LoadedPolicy,
  POLICY_DECISION_BYTES_MAX,
  POLICY_ENGINE_RULE,
  POLICY_GAS_MAX,
  POLICY_INPUT_BYTES_MAX,
  POLICY_MEMORY_BYTES_MAX,
  POLICY_MODULE_BYTES_MAX,
  POLICY_PARAMETERS_BYTES_MAX,
  type PolicyEngine,
  type PolicyEngineCode,
  PolicyError,
  type PolicyErrorCode,
  type PolicyProgram,
  policyProgram,
} from './policy-engine.ts';
export { RANDOM_BELOW_MAX, RANDOM_BYTES_MAX, RANDOM_NAMES_MAX, type Random, type RandomStream } from './random.ts';
export { runSkill, skillResult } from './run-skill.ts';
export {
  type JsonValue,
  SANDBOX_CALL_LENGTH_MAX,
  SANDBOX_FILES_BYTES_MAX,
  SANDBOX_FILES_MAX,
  SANDBOX_MEMORY_BYTES_MAX,
  SANDBOX_MESSAGE_LENGTH_MAX,
  SANDBOX_SOURCE_BYTES_MAX,
  SANDBOX_VALUE_BYTES_MAX,
  SANDBOX_VALUE_DEPTH_MAX,
  type Sandbox,
  SandboxError,
  type SandboxErrorCode,
  type SandboxJob,
  type SandboxLimits,
} from './sandbox.ts';
export type { Signer } from './signer.ts';
export type {
  DividedTask,
  DivideJob,
  DivideOutcome,
  Division,
  EvaluateJob,
  EvaluateOutcome,
  ExecuteJob,
  ExecuteOutcome,
  Finding,
  InspectJob,
  InspectOutcome,
  Progress,
  ResultInput,
  Skill,
  SkillContext,
  SkillJob,
  SkillLine,
  SkillModule,
  SkillResult,
  TaskInput,
  Telemetry,
} from './skill.ts';
export {
  SKILL_LINES_MAX,
  SKILL_PROGRESS_MAX,
  SKILL_QUEUE_MAX,
  SkillError,
  type SkillErrorCode,
  type SkillRunner,
  type SkillRunOptions,
} from './skill-runner.ts';
export { openSqlite, type SqliteOptions } from './sqlite/open-sqlite.ts';
export type { SqliteSchema } from './sqlite/schema.ts';
export type { SqliteFile } from './sqlite/sqlite-file.ts';
export { movedMessage, StorageError, type StorageErrorCode, type StorageErrorOptions } from './storage-error.ts';
export {
  STORE_BATCH_MAX,
  STORE_KEY_BYTES_MAX,
  STORE_VALUE_BYTES_MAX,
  type Store,
  type StoreOperation,
} from './store.ts';
export {
  type MessageHandler,
  type RequestHandler,
  type RequestOptions,
  TRANSPORT_ANSWER_BYTES_MAX,
  TRANSPORT_MESSAGE_BYTES_MAX,
  TRANSPORT_PROTOCOL_LENGTH_MAX,
  TRANSPORT_REQUEST_BYTES_MAX,
  type Transport,
  TransportError,
  type TransportErrorCode,
  type Verdict,
} from './transport.ts';
