import { type ArtifactRef, type Genesis, type NeedBody, type Params, toHex } from '@canswarm/protocol';
import type { PlanRow } from './plan-rows.ts';
import { type PolicyRows, policyRows } from './policy-rows.ts';
import type { Truth } from './truth.ts';

/** One movement of credits that the model made. */
export interface Move {
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
}

/** A key that somebody vouches for or that joined. */
export interface MemberRow {
  entity: string;
  asn: number;
  region: string;
  /** What its next reveal hashes to, hex; null if it has no chain. */
  tip: string | null;
  joinedAt: number;
  revealsLeft: number;
  reported: number;
  silences: number;
  missedAt: number;
  active: boolean;
  /** By its own word. */
  left: boolean;
}

/** A period of log time: `at` is null until it starts. */
export interface AlarmRow {
  readonly name: string;
  readonly length: number;
  at: number | null;
}

/** A verifier as it stood when a draw was asked for. */
export interface PoolRow {
  readonly did: string;
  readonly entity: string;
  readonly asn: number;
  readonly region: string;
  readonly stake: number;
}

export interface DrawRow {
  readonly subject: string;
  readonly ballot: number;
  readonly draw: number;
  readonly position: number;
  readonly bootstrap: boolean;
  /** Verifiers when it was asked for, and those of them that were not suspended. */
  readonly active: number;
  readonly pool: readonly PoolRow[];
  /** Entities of the parties, when the committee was opened and when this draw was asked for. */
  readonly parties: readonly string[];
  /** Entities that the keys that sat had when it was asked for. */
  readonly sat: readonly string[];
  /** Entities that revealed for it. */
  readonly revealed: string[];
}

export interface VoteRow {
  readonly id: string;
  readonly verdict: string;
  readonly bids: readonly string[];
  readonly position: number;
}

/** What a delegator bears of an amount. */
export interface ShareRow {
  readonly delegator: string;
  readonly amount: number;
}

/** What a delegate once said that it takes of a delegator. */
export interface AdmissionRow {
  readonly delegator: string;
  readonly delegate: string;
  most: number;
}

export interface SeatRow {
  readonly did: string;
  readonly entity: string;
  readonly asn: number;
  readonly region: string;
  readonly ballot: number;
  readonly draw: number;
  reserved: number;
  /** What of it others bear. */
  shares: readonly ShareRow[];
  status: 'seated' | 'silent' | 'void';
  /** The seal of its vote, hex, once recorded. */
  seal: string | null;
  vote: VoteRow | null;
  /** Its vote on a plan was proved dishonest. */
  struck: boolean;
}

export interface CommitteeRow {
  readonly subject: string;
  readonly need: string;
  /** The commit it judges; null for a plan. */
  readonly commit: string | null;
  /** The seal of the dispute it hears; null for a plan or a result. */
  readonly challenge: string | null;
  /** Arbiters: seats by name, not drawn. */
  readonly named: boolean;
  /** Keys of the parties, and their entities when it was opened. */
  readonly partyKeys: readonly string[];
  readonly parties: readonly string[];
  readonly level: number;
  /** Votes of its seats are sealed first. */
  readonly sealed: boolean;
  k: number;
  n: number;
  /** Fewer could sit than a draw outside of bootstrap needs. */
  relaxed: boolean;
  phase: 'drawing' | 'bidding' | 'voting' | 'opening' | 'certified' | 'over';
  ballot: number;
  draw: number;
  /** Positions at which its draws were completed, by draw. */
  readonly drawnAt: number[];
  readonly seats: SeatRow[];
  redraws: number;
  waits: number;
  recordFrom: number | null;
}

export interface BidRow {
  readonly id: string;
  readonly worker: string;
  readonly planner: string | null;
  readonly price: number;
  readonly workerPrice: number;
}

export interface LeaseRow {
  readonly bid: BidRow;
  readonly attempt: number;
  /** Position of the entry that granted it, or at which the present life began. */
  fence: number;
  readonly length: number;
  expiresAt: number | null;
  renewals: number;
  progress: string | null;
  touched: number;
}

export interface NeedRow {
  readonly id: string;
  /** The need whose plan it is a task of, and which. */
  readonly parent: { readonly need: string; readonly task: string } | null;
  readonly requester: string;
  readonly body: NeedBody;
  readonly position: number;
  status: 'open' | 'decided' | 'closed' | 'expired' | 'cancelled';
  phase: 'bidding' | 'waiting' | 'ready' | 'leased' | 'committed' | 'verified' | 'final';
  round: number;
  deadlineAt: number | null;
  deadlinePassed: boolean;
  /** What is left of the money for the price, for fees, of the fees what bonds added, and what is promised to seats. */
  price: number;
  /** What it pays at most nobody has shown yet. */
  capSealed: boolean;
  fees: number;
  forfeited: number;
  owed: number;
  /** What is left of the money for log space. */
  logs: number;
  attempt: number;
  level: number;
  lease: LeaseRow | null;
  inputs: readonly ArtifactRef[];
  /** Plans adopted. */
  version: number;
  plan: PlanRow | null;
  queue: BidRow[];
  readonly failed: Set<string>;
  planSeats: readonly string[];
  planK: number;
  /** What each was worth in its class when the round opened. */
  standings: ReadonlyMap<string, number>;
  /** Seat fees of level 1 that it paid. */
  spent: number;
  /** The first attempt at it, once that was judged wrong. */
  misfit: { readonly worker: string; readonly burned: number; readonly opened: boolean } | null;
  /** Bids that the log chose; those that seats chose without it; and what was made by these. */
  adopted: string[];
  readonly orphaned: string[];
  readonly alternates: { readonly id: string; readonly worker: string; readonly bid: string }[];
  /** Its last seat is paid: the law forgets it, the model does not. */
  settled: boolean;
}

export interface CommitRow {
  readonly id: string;
  readonly need: string;
  readonly bid: BidRow;
  readonly attempt: number;
  readonly level: number;
  readonly outputs: readonly ArtifactRef[];
  verdict: string | null;
  overturned: boolean;
  windowClosed: boolean;
  holdPassed: boolean;
  final: boolean;
  /** Nothing of it is open any more. */
  settled: boolean;
}

export interface SealRow {
  readonly id: string;
  readonly position: number;
  /** A commit, or the need whose plan was voted on. */
  readonly subject: string;
  readonly class: string;
  readonly challenger: string;
  readonly seal: string;
  readonly bond: number;
  live: boolean;
  /** Since it was opened before a jury. */
  dispute: DisputeRow | null;
}

export interface DisputeRow {
  instance: number;
  ruling: string | null;
  appeals: { readonly id: string; readonly by: string; readonly against: string }[];
}

export interface UnbondingRow {
  readonly id: string;
  readonly did: string;
  /** Whom it stood behind; null for stake of its own. */
  readonly delegate: string | null;
  over: boolean;
  withdrawn: boolean;
}

export interface EscrowRow {
  readonly id: string;
  readonly payer: string;
  readonly payee: string;
  open: boolean;
}

/** Something that changed what an identity is worth in a domain; `domain` null: in all. */
export interface DeedRow {
  readonly time: number;
  readonly domain: string | null;
  readonly identity: string;
  /** Added; or what is lost. */
  readonly change: number | 'half' | 'all';
}

/** A seat as the law said that it was drawn: chance, as far as the model goes. */
export interface DrawnSeat {
  readonly subject: string;
  readonly did: string;
  readonly reserved: number;
}

/** All that the model remembers: tables of rows. Rows that ended stay; whoever asks looks through all of them. */
export interface Model {
  readonly genesis: Genesis;
  readonly network: string;
  readonly params: Params;
  readonly truth: Truth;
  /** Null: the network has none. */
  readonly policy: PolicyRows | null;
  /** Which life of the log this is. */
  incarnation: number;
  /** The root of the law's state before the entry that is judged now, hex; null where none is looked at: the model has no such state, and says only that a root is the one. */
  root: string | null;
  position: number;
  time: number;
  /** Running digests by position, hex, as the log had them. */
  readonly heads: string[];
  /** The first position whose digest the law still keeps. */
  headsFrom: number;
  /** Position of each accepted id. */
  readonly accepted: Map<string, number>;
  readonly moves: Move[];
  /** What senders paid for the place of their entries. */
  readonly charges: { readonly id: string; readonly amount: number }[];
  /** Refused TICKs that cost nothing, by the log time they came at. */
  readonly lateTicks: { readonly did: string; readonly time: number }[];
  readonly members: Map<string, MemberRow>;
  alarms: AlarmRow[];
  draws: DrawRow[];
  readonly needs: NeedRow[];
  readonly commits: CommitRow[];
  readonly committees: CommitteeRow[];
  readonly seals: SealRow[];
  readonly unbondings: UnbondingRow[];
  readonly admissions: AdmissionRow[];
  readonly escrows: EscrowRow[];
  /** What the way out of bootstrap has come to; null: it is over, or never was. */
  bootstrap: { since: number | null; finished: number } | null;
  readonly deeds: DeedRow[];
  /** Each time that somebody took a trial, or failed one. */
  readonly tries: { readonly time: number; readonly identity: string; readonly failed: boolean }[];
  /** Each need whose work was judged, and each plant that was repaid. */
  readonly plants: { readonly time: number; readonly class: string; readonly kind: 'judged' | 'repaid' }[];
  /** Each time that a requester and a worker settled something that counted. */
  readonly meetings: { readonly time: number; readonly pair: string }[];
  /** Each time that a member was suspended, and where it conformed; null: it did not. */
  readonly suspensions: { readonly did: string; readonly position: number; conformedAt: number | null }[];
  /** What draws came to in the entry that is followed now, in order: seats, or the subject alone if it waits. */
  drawn: { readonly subject: string; readonly seats: readonly DrawnSeat[] | null }[];
  /** What the model found wrong with a draw, by property. */
  readonly complaints: { readonly property: string; readonly detail: string }[];
}

export function createModel(genesis: Genesis, network: string, truth: Truth): Model {
  const model: Model = {
    genesis,
    network,
    params: genesis.params,
    truth,
    policy: policyRows(genesis),
    incarnation: genesis.incarnation,
    root: null,
    position: 0,
    time: genesis.time,
    heads: [],
    headsFrom: 0,
    accepted: new Map(),
    moves: [],
    charges: [],
    lateTicks: [],
    members: new Map(),
    alarms: [],
    draws: [],
    needs: [],
    commits: [],
    committees: [],
    seals: [],
    unbondings: [],
    admissions: [],
    escrows: [],
    bootstrap: null,
    deeds: [],
    meetings: [],
    tries: [],
    plants: [],
    suspensions: [],
    drawn: [],
    complaints: [],
  };
  model.moves.push({ debit: 'mint', credit: 'fund/trials', amount: genesis.params.trialFund });
  for (const { did, free, stake } of genesis.accounts) {
    model.moves.push({ debit: 'mint', credit: `free/${did}`, amount: free });
    model.moves.push({ debit: 'mint', credit: `stake/${did}`, amount: stake });
  }
  for (const { did, org, asn, region, tip, chainLength } of genesis.members) {
    model.members.set(did, {
      entity: org === null ? 'unverified' : `org:${org}`,
      asn,
      region,
      tip: tip === null ? null : toHex(tip),
      joinedAt: 0,
      revealsLeft: chainLength,
      reported: genesis.time,
      silences: 0,
      missedAt: 0,
      active: true,
      left: false,
    });
  }
  return model;
}
