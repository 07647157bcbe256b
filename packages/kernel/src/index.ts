export {
  type AccountId,
  balanceOf,
  delegationAccount,
  freeAccount,
  holdAccount,
  NAMES_KEPT,
  reserveAccount,
  stakeAccount,
  TRIAL_FUND,
  trialAccount,
  unbondingAccount,
} from './accounts.ts';
export { type Applied, apply, type Outcome } from './apply.ts';
export { challengesOf, sealBond } from './challenges.ts';
export { seatedOf, seatsOf } from './committee.ts';
export { REJECTION_CODES, type Rejection, type RejectionCode } from './context.ts';
export { backing, delegatedBy, delegationsOf, unbondingsBehind } from './delegations.ts';
export { type CommitteeSize, committeeSize, type DrawRequest, drawSeats } from './draw.ts';
export { bidKey, rankedBids } from './duties/auction.ts';
export { sealFunds } from './duties/can-seal.ts';
export { type Bidder, isRoomBeside, roomFor } from './duties/crowd.ts';
export { disputeKey, reviewKey } from './duties/dispute.ts';
export { divisionKey, tasksMax } from './duties/divided.ts';
export type { AccusedVote, Agenda, Disputes, Me, OwnDuty, Rival, SharedDuty, View, WorkState } from './duties/duty.ts';
export { isSpeculative, speculationKey, speculativeDuties } from './duties/foreseen.ts';
export { alternateKey } from './duties/heal.ts';
export { type JudgedBid, judgedBids, type LossCode } from './duties/judged-bids.ts';
export { hearingKey } from './duties/jury.ts';
export {
  evaluationKey,
  inspectionKey,
  ownDuties,
  rehearsalKey,
  workFunds,
  workKey,
  workLogSpace,
} from './duties/own.ts';
export { sharedDuties } from './duties/shared.ts';
export { conformDuty } from './duties/suspend.ts';
export { isTickTime, rejoinDuty, reportDuty, tickDue, tickDuty, tickKey } from './duties/time.ts';
export { escrowsOf } from './escrows.ts';
export type { KernelEvent } from './events.ts';
export { createState, RULES_VERSION } from './genesis-state.ts';
export { CHAIN_SKIP_MAX, chainNext } from './hashing.ts';
export { HEALED_PER_NEED_MAX, isOwnBid } from './heals.ts';
export { popHeap, pushHeap } from './heap.ts';
export { digestAt, isOfEndedLife } from './history.ts';
export { InvariantError } from './invariant.ts';
export { CHECKERS, checkInvariants, type Violation } from './invariants.ts';
export { appealTimer, type Disputed, disputeOf, disputesOver, jurySubject, nextHearing } from './jury.ts';
export { canPayLog, logFee, logFund } from './log-fees.ts';
export { planSubject, resultSubject } from './need-life.ts';
export { type NeedEscrow, needEscrow, seatFeeMax, seatsEscrowed, workBond } from './need-money.ts';
export { canBond } from './plan/bonds.ts';
export { readPatch } from './plan/read-patch.ts';
export { doneTasks, taskName, workerPriceLeft } from './plan/tasks.ts';
export { type Stated, walkStatements } from './policy/count-statements.ts';
export { askedAbout, digestOf, diverges, drawable, isSuspended } from './policy/divergence.ts';
export {
  askMeasured,
  causeReasons,
  type FoundOfWork,
  judgeMeasured,
  type MeasuredWork,
  measuredFacts,
  readCause,
  type WorkCause,
  type WorkFinding,
  withMeasured,
} from './policy/measured-work.ts';
export type { DecidePolicy, LoadPolicy, PolicyAnswer } from './policy/network-policy.ts';
export { askPolicy } from './policy/policy-gate.ts';
export { needPolicyInput, type PolicyGate, type PolicyQuestion, policyInput } from './policy/policy-input.ts';
export { entityOf, freeBalance, freeStake, isVerifier, keyWeights, ownStake, poolOf, stakeOf } from './pool.ts';
export { leafOf, stepHash, stepLeaf, totalLeaves } from './proofs/steps.ts';
export { judgeReport } from './reports.ts';
export { burnOf, identityOf, JUDGING, pointsOf, standingBps, workDomain } from './reputation.ts';
export { votingStakes } from './rules/restart.ts';
export { groundsOf, planBaseOf, scoreBid } from './scoring.ts';
export { capOf, opensBid, takesSeals } from './sealed-bids.ts';
export { sealsVotes } from './seals.ts';
export { unbondingsOf, unbondingTimer } from './stake-exit.ts';
export type {
  Bid,
  Challenge,
  Commit,
  Committee,
  Domain,
  EntityId,
  Identity,
  Lease,
  Member,
  Need,
  Plan,
  PlanTask,
  Seat,
  State,
  SubjectId,
  Verdict,
} from './state.ts';
export { snapshot, stateRoot } from './state-root.ts';
export { canTake, trialFundOf } from './trials.ts';
