import type { DagValue } from './cbor/value.ts';
import { type Codec, type Parsed, parseWith, type TypeOf } from './codec/codec.ts';
import { mapOf, nullable, record, refine } from './codec/composites.ts';
import { integer, micro } from './codec/scalars.ts';
import { ENTRY_BYTES_MAX, EVIDENCE_BYTES_MAX } from './limits.ts';
import { CHAIN_LENGTH_MAX } from './verbs/account.ts';

const BPS = 10_000;
/** Classes of work that params may name. */
const CLASSES_MAX = 64;
const YEAR_MS = 366 * 24 * 3600 * 1000;
const ms = integer(1, YEAR_MS);
const bps = integer(0, BPS);
const few = integer(1, 1000);
/** So that the log fees of a need stay far below 2^53. */
const LOG_FEE_BASE_MAX = 1_000_000_000_000;
const LOG_FEE_PER_BYTE_MAX = 1_000_000;

/** Every number a network may choose. Durations are log time in ms, shares are basis points (`spec/02-envelopes.md`, params). */
const fields = record({
  /** least time between ticks of an idle verifier */
  tickMs: ms,
  /** a REPORT counts when it raises its sender's own time by this */
  reportStepMs: ms,
  /** a step of log time over this needs two thirds of the weight */
  bigStepMs: ms,
  /** a verifier whose report lags log time by more is not counted */
  staleMs: ms,
  /** gossip dated further ahead of local time is refused */
  gossipAheadMs: ms,
  /** longest random wait before a duty that others may do too, a first bid or a CLAIM */
  backoffMsMax: ms,

  /** bids are taken this long after the plan draw */
  bidMs: ms,
  /** turns of an auction: a bid that outbids nobody is of the first */
  bidTurns: integer(1, 8),
  /** least part of its price by which a bid is outbid */
  bidStepBps: integer(1, BPS),
  /** part of a bid window at its end in which a new leader extends it by as much */
  bidLateBps: integer(1, BPS),
  /** extensions of one auction */
  bidExtensions: integer(0, 1000),
  /** keys whose bids on a need are kept, whatever entities they are of */
  biddersPerNeed: integer(8, 4096),
  /** seats answer within this of the draw, or of the end of the bid window */
  answerMs: ms,
  /** results are open to challenge this long after a passing certificate */
  challengeMs: ms,
  /** a sealed challenge is opened within this */
  openingMs: ms,
  /** jurors obtain challenged bytes within this */
  juryFetchMs: ms,
  /** a jury's verdict is open to appeal this long */
  appealMs: ms,
  /** arbiters answer within this */
  arbiterMs: ms,
  /** seats are paid this long after the certificate */
  holdMs: ms,
  /** unbonding stake stays slashable this long */
  unbondingMs: ms,

  leaseMs: ms,
  heartbeatMs: ms,
  /** heartbeats missed before plan seats vote MISS */
  misses: few,
  /** renewals without new progress */
  maxRenewals: few,

  /** matching votes that decide, when the pool allows */
  kTarget: integer(3, 1000),
  /** share of active verifiers that K may reach */
  alphaBps: bps,
  /** entities that must be eligible before a draw */
  minEligible: few,
  /** share of the draw weight one entity may have */
  weightCapBps: integer(1, BPS),
  /** thirds of a committee, rounded up, that one ASN, or one region, may hold */
  asnCapThirds: integer(1, 3),
  regionCapThirds: integer(1, 3),
  /** preimages of distinct entities that make a seed */
  seedReveals: few,
  /** tick periods after which an unrevealed seed is a silence */
  seedSilencePeriods: few,
  /** own stake below which a key is no verifier, micro-credits */
  minStake: micro(1),
  /** least that one delegation may be, micro-credits */
  minDelegation: micro(1),
  /** keys that may stand behind one key, or are told that they may */
  maxDelegators: few,
  /** delegated stake counts at most so many times the own stake that it stands beside */
  delegatedTimesMax: few,
  /** a delegation above this share of the delegate's own stake makes the two related */
  relatedBps: bps,
  /** silences in an epoch that make a verifier inactive */
  silencesPerEpoch: few,
  /** longest hash chain a JOIN may commit to */
  chainLength: integer(1, CHAIN_LENGTH_MAX),

  maxAttempts: few,
  maxRedraws: few,
  /** juries that an appeal may ask for after the first */
  maxAppeals: integer(0, 8),
  /** answer deadlines a draw may wait for seats */
  maxWaits: few,
  /** bids besides the winner that are kept */
  runnersUp: integer(0, 1000),

  /** least bond of a worker, of the price cap */
  bondBps: bps,
  /** added to the next attempt's seat fees for the bond, of the price cap */
  classFloorBps: bps,
  /** most that a need may pay a seat, micro-credits, by class of its work */
  seatFeeMax: mapOf(micro(1), CLASSES_MAX),
  /** the same for classes that are not named there */
  seatFeeMaxElse: micro(1),
  /** paid to the worker whose result is undecidable, of the price */
  undecidablePayBps: bps,
  /** most that challenger and early fail votes share of a forfeited bond */
  challengerShareBps: bps,
  /** most that the challenger gets of a seat's slash where the worker is not at fault */
  digestChallengerBps: bps,
  /** live seals on one subject */
  maxSealsPerSubject: few,
  /** burned of a price when a result is final: all that reputation can be earned from */
  reputationBurnBps: bps,
  /** standing without reputation */
  reputationFloorBps: integer(1, BPS),
  /** points that lead halfway from the floor to full standing */
  reputationScale: micro(1),
  /** points are halved this often */
  reputationPeriodMs: ms,
  /** live seals of one key, over all subjects */
  maxSealsPerKey: few,
  /** verifiers that a network needs which begins with fewer, in bootstrap; 0: it never is in bootstrap */
  bootstrapVerifiers: integer(0, 1000),
  /** bootstrap ends when they were there for this */
  bootstrapMs: ms,
  /** or when so many results became final while they were there */
  bootstrapNeeds: few,
  /** most that a need may put into escrow in bootstrap */
  bootstrapValueMax: micro(1),
  /** most that a trial may cost */
  trialPriceMax: micro(1),
  /** trials of one identity lately, and sponsored ones that a requester may have open */
  trialsPerIdentity: few,
  /** of a trial's pay, until its worker takes a task with a bond */
  trialWithheldBps: bps,
  /** what sponsored trials are paid from, minted at the genesis */
  trialFund: micro(),
  /** part of what is judged in a class that may be plants which are repaid */
  plantRateBps: bps,
  /** part of its cost that a plant is repaid */
  plantRepayBps: bps,
  /** gas of judging one automatic proof */
  proofGas: integer(1000, 100_000_000),
  /** what the opening of a proof adds to its bond for each unit of judging it, micro-credits */
  proofUnitBond: integer(0, 1_000_000_000),

  /** burned for each entry, whether it is accepted or not, and for each byte of it, micro-credits */
  logFeeBase: integer(0, LOG_FEE_BASE_MAX),
  logFeePerByte: integer(0, LOG_FEE_PER_BYTE_MAX),
  /** bytes of an entry that does a need's duty, and number of such entries, whose fees the need escrows */
  logDutyBytes: integer(1024, ENTRY_BYTES_MAX),
  logDuties: few,

  /** positions back that the head of a log verb may lie */
  headWindow: integer(16, 1_000_000),
  evidenceBytesMax: integer(1024, EVIDENCE_BYTES_MAX),
  checkpointEntries: integer(1, 1_000_000),
  /** a checkpoint is due after this too, if not null */
  checkpointMs: nullable(ms),
  shardsMax: integer(1, 256),
});

/** Params as they stand in a genesis or preset: every field in range, relations not yet asserted. */
export type RawParams = TypeOf<typeof fields>;

declare const validated: unique symbol;

/** Params whose relations hold, frozen. Made by `parseParams` only. */
export type Params = RawParams & { readonly [validated]: true };

/** Relations that the rules rely on, by name. A refusal's path names the first that fails. */
const RELATIONS: readonly (readonly [name: string, holds: (params: RawParams) => boolean])[] = [
  ['unbonding outlives hold', (p) => p.unbondingMs > p.holdMs],
  ['hold is twice the challenge window', (p) => p.holdMs >= 2 * p.challengeMs],
  ['an opening fits the challenge window', (p) => p.openingMs <= p.challengeMs],
  ['seats answer within the challenge window', (p) => p.answerMs <= p.challengeMs],
  [
    'time moves within every window',
    (p) => p.reportStepMs <= p.tickMs && 2 * p.tickMs <= Math.min(p.bidMs, p.answerMs),
  ],
  ['stale reports outlive ticks', (p) => p.staleMs > 2 * p.tickMs && p.staleMs <= p.bigStepMs],
  ['a backoff is short of an answer', (p) => 2 * p.backoffMsMax <= p.answerMs],
  ['a lease outlives its missed heartbeats', (p) => p.leaseMs > p.heartbeatMs * (p.misses + 1)],
  ['the least pool seats K of 3', (p) => Math.floor((p.minEligible - 1) / 2) >= 3],
  ['the least pool can reveal a seed', (p) => p.seedReveals <= p.minEligible],
  ['capped weights fill a draw', (p) => p.minEligible * p.weightCapBps >= BPS],
  ['slashing an accomplice never gains', (p) => p.challengerShareBps <= 9000 && p.digestChallengerBps <= 2500],
  ['a result without verdict pays less than a pass', (p) => p.undecidablePayBps < BPS],
  ['a plant costs more than it is repaid', (p) => p.plantRepayBps <= 5_000],
  ['a failure burns what a pass burns', (p) => p.reputationBurnBps <= p.classFloorBps],
  ['after bootstrap committees can sit', (p) => p.bootstrapVerifiers === 0 || p.bootstrapVerifiers >= p.minEligible],
  ['a chain outlives silences', (p) => p.chainLength >= p.silencesPerEpoch],
];

/** For tests: a relation that nothing breaks is not tested. */
export const RELATION_NAMES: readonly string[] = RELATIONS.map(([name]) => name);

/** In memory and on the wire: the wire form is the map of all fields. */
export const paramsCodec: Codec<Params> = refine(
  {
    parse: (value, fault) => {
      const raw = fields.parse(value, fault);
      return raw === undefined ? undefined : (Object.freeze(raw) as Params);
    },
    encode: (typed) => fields.encode(typed),
  },
  (params) => {
    const broken = RELATIONS.find(([, holds]) => !holds(params));
    return broken === undefined ? undefined : ['params_relation', broken[0]];
  },
);

/** Validates params given as a map of the data model. */
export function parseParams(value: DagValue): Parsed<Params> {
  return parseWith(paramsCodec, value);
}
