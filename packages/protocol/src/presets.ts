import { ProtocolError } from './codes.ts';
import { type Params, parseParams, type RawParams } from './params.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Micro-credits. */
const CREDIT = 1_000_000;

/** One machine, or a few of one owner: everything ends within seconds. */
const dev: RawParams = {
  tickMs: 50,
  reportStepMs: 20,
  bigStepMs: MINUTE,
  staleMs: SECOND,
  gossipAheadMs: 5 * SECOND,
  backoffMsMax: 20,
  bidMs: 300,
  bidTurns: 3,
  bidStepBps: 100,
  bidLateBps: 2000,
  bidExtensions: 3,
  biddersPerNeed: 256,
  answerMs: SECOND,
  challengeMs: 2 * SECOND,
  openingMs: 2 * SECOND,
  juryFetchMs: SECOND,
  appealMs: 2 * SECOND,
  arbiterMs: MINUTE,
  holdMs: 4 * SECOND,
  unbondingMs: 10 * SECOND,
  leaseMs: 10 * SECOND,
  heartbeatMs: SECOND,
  misses: 3,
  maxRenewals: 3,
  kTarget: 3,
  alphaBps: 3000,
  minEligible: 7,
  weightCapBps: 2500,
  asnCapThirds: 1,
  regionCapThirds: 1,
  seedReveals: 3,
  seedSilencePeriods: 10,
  minStake: CREDIT,
  minDelegation: CREDIT,
  maxDelegators: 16,
  delegatedTimesMax: 4,
  relatedBps: 500,
  silencesPerEpoch: 3,
  chainLength: 65_536,
  maxAttempts: 3,
  maxRedraws: 3,
  maxAppeals: 2,
  maxWaits: 10,
  runnersUp: 3,
  bondBps: 1000,
  classFloorBps: 1000,
  seatFeeMax: { agent: 100 * CREDIT, brief: 10 * CREDIT },
  seatFeeMaxElse: 10 * CREDIT,
  undecidablePayBps: 3000,
  challengerShareBps: 9000,
  digestChallengerBps: 2500,
  maxSealsPerSubject: 8,
  reputationBurnBps: 200,
  reputationFloorBps: 5000,
  reputationScale: 100_000,
  reputationPeriodMs: HOUR,
  maxSealsPerKey: 16,
  bootstrapVerifiers: 0,
  bootstrapMs: MINUTE,
  bootstrapNeeds: 20,
  bootstrapValueMax: 20_000_000,
  trialPriceMax: 1_000_000,
  trialsPerIdentity: 2,
  trialWithheldBps: 5000,
  trialFund: 0,
  plantRateBps: 1000,
  plantRepayBps: 5000,
  proofGas: 1_000_000,
  proofUnitBond: 100,
  logFeeBase: 100,
  logFeePerByte: 1,
  logDutyBytes: 16 * 1024,
  logDuties: 12,
  headWindow: 4096,
  evidenceBytesMax: 512 * 1024,
  checkpointEntries: 256,
  checkpointMs: null,
  shardsMax: 1,
};

/** Strangers over the internet. */
const main: RawParams = {
  ...dev,
  tickMs: 5 * SECOND,
  staleMs: MINUTE,
  backoffMsMax: 2 * SECOND,
  bidMs: 30 * SECOND,
  answerMs: 10 * MINUTE,
  challengeMs: DAY,
  openingMs: 10 * MINUTE,
  juryFetchMs: 10 * MINUTE,
  appealMs: DAY,
  arbiterMs: 7 * DAY,
  holdMs: 2 * DAY,
  unbondingMs: 7 * DAY,
  leaseMs: 5 * MINUTE,
  heartbeatMs: 30 * SECOND,
  kTarget: 7,
  bootstrapMs: 7 * DAY,
  bootstrapNeeds: 100,
  reputationScale: 10_000_000,
  reputationPeriodMs: 30 * DAY,
  minStake: 100 * CREDIT,
  minDelegation: 10 * CREDIT,
  checkpointEntries: 4096,
  checkpointMs: 300 * SECOND,
  shardsMax: 256,
};

/** Raw values to start a network's own params from. */
export const PRESETS = { dev, main } as const;
export type PresetName = keyof typeof PRESETS;

/** The validated params of a preset, with some values of one's own. Throws a ProtocolError when a relation breaks. */
export function presetParams(name: PresetName, own: Partial<RawParams> = {}): Params {
  const parsed = parseParams({ ...PRESETS[name], ...own });
  if (!parsed.ok) throw new ProtocolError(parsed, `params of ${name}`);
  return parsed.value;
}
