export {
  defineAgent,
  HiredWork,
  HireError,
  type HireErrorCode,
  type HireOptions,
  hireOn,
  milliseconds,
  planTerms,
  type WorkEvent,
} from '@canswarm/agent';
export { bytesOf } from '@canswarm/api';
export {
  type CheckResult,
  type CitationFinding,
  type CitationVerdict,
  type ClosestPassage,
  checkReport,
  type Difference,
  type Place,
  type QuotationFinding,
  type QuotationVerdict,
  type ReportCheck,
  scanFolder,
  terminalText,
} from '@canswarm/brief';
export { gatherLockfile } from '@canswarm/licence-audit';
export { sodiumCrypto as localCrypto } from '@canswarm/local';
export { parseCid } from '@canswarm/protocol';
export { ApiAgentHost } from './agent-process/api-agent-host.ts';
export { type AgentTold, type RunAgentOptions, runAgent } from './agent-process/run-agent.ts';
export { askNeedPolicy } from './audit/ask-need-policy.ts';
export { type AuditEntry, type AuditFault, exportAudit, type ImportedAudit, importAudit } from './audit/audit-text.ts';
export { type Difference as ValueDifference, valueAt } from './audit/difference.ts';
export { type Explained, type Explanation, explain } from './audit/explain.ts';
export { addUp, type Holdings, holdingsOf, type Ledger, ledgerOf, type Posting, worth } from './audit/ledger.ts';
export {
  type Divergence,
  type Reference,
  type Replayed,
  type ReplayedEntry,
  type ReplayOptions,
  replay,
} from './audit/replay.ts';
export { type ReplayStep, stepLine, stepsFoot, stepsHead } from './audit/steps-text.ts';
export type { LogBreak } from './audit/walk-log.ts';
export {
  BriefError,
  type BriefErrorCode,
  type BriefEvent,
  type BriefPerson,
  type SkippedFile,
} from './brief/events.ts';
export { PLANTS, type Plant } from './brief/plants.ts';
export { type BriefOptions, type BriefOutcome, runBrief } from './brief/run-brief.ts';
export { examineMachine } from './doctor/examine.ts';
export type { Finding } from './doctor/finding.ts';
export { examineNetwork } from './doctor/network.ts';
export * from './home/index.ts';
export * from './host/index.ts';
export {
  type Dropped,
  type LogAccount,
  type Migrated,
  type MoveBucketOptions,
  type MoveOptions,
  moveLog,
  moveLogBucket,
  type NewLife,
  type Recovered,
  type RestoreOptions,
  restartLog,
  restoreLog,
} from './migrate/index.ts';
export * from './need/index.ts';
export { type CastMember, type CastOptions, CREDIT, localCast } from './network/cast.ts';
export {
  createNetwork,
  type Network,
  type NetworkOptions,
  type NetworkPorts,
  type Person,
  SHARD,
} from './network/network.ts';
export * from './policy/index.ts';
export { genesisPolicy, inlineNeedPolicies, networkPolicies } from './policy/network-policies.ts';
export { PROOF_FILES, type ProofBytes } from './proof/folder/layout.ts';
export { writeProof } from './proof/folder/write-proof.ts';
export type { ProofFault } from './proof/proof-fault.ts';
export { logOf, type ReadLog, type ReadLogOptions, readLog } from './proof/read-log.ts';
export { type ReadReference, readReference } from './proof/read-reference.ts';
export { type FinalResult, type ResultFiles, resultFiles } from './proof/result-files.ts';
export { type VerifyProofOptions, verifyProof } from './proof/verify-proof.ts';
export type { VerifyReport } from './proof/verify-report.ts';
export { askMember, ClusterDesk, type MemberNote, type MemberWish } from './servers/cluster-desk.ts';
export { EtcdCluster, type EtcdClusterOptions } from './servers/etcd-cluster.ts';
export { EtcdMember } from './servers/etcd-member.ts';
export { type FoundServer, findServer, ServerMissing, serversFolder } from './servers/find-server.ts';
export { SERVERS, type Server, type ServerName } from './servers/server.ts';
export { BUNDLED_SKILLS, bundledOffer } from './skills/bundled.ts';
export { certificateChecks, judgingTools } from './skills/judging-tools.ts';
export { type ProgramSpec, programEngine } from './skills/program-agent.ts';
export { ApiDesk } from './work/api-desk.ts';
export { nearSkill, offersAt } from './work/best-offer.ts';
export { network, type OpenNetwork, type OpenNetworkOptions } from './work/open-network.ts';
