import type {
  ArtifactRef,
  Bodies,
  Cid,
  EnvelopeId,
  LogVerb,
  VerifiedEntry,
  VerifiedEnvelope,
} from '@canswarm/protocol';
import { seatedOf } from '../../../src/committee.ts';
import type { Commit, Committee, Need } from '../../../src/state.ts';
import type { Accusation } from '../../support/accusation.ts';
import { LYING, TRUTHFUL, UNFIT } from '../../support/documents.ts';
import { type Agent, agent } from '../../support/keys.ts';
import { inGenesis } from '../../support/policies.ts';
import { Story, type Verdict, who } from '../../support/story.ts';
import { loadToy, type ToyRules, toyPolicy } from '../../support/toy-policy.ts';
import {
  ADA,
  AUTHORITY,
  BOB,
  BYSTANDER,
  CREDIT,
  CYD,
  DAN,
  type Evidence,
  type Frame,
  LOG_FEES,
  REQUESTER,
  type VerifierSpec,
  verifiersOf,
  type World,
  type WorldOptions,
} from '../../world.ts';
import type { Truth } from '../model/truth.ts';
import type { Lost } from './lost.ts';

export const STRANGER = agent('stranger');
export const WORKERS: readonly [Agent, ...Agent[]] = [ADA, BOB, CYD, DAN, BYSTANDER];

/** What a history begins with: numbers of its own, so that what is rare in one world is common in another. */
export interface Setting {
  readonly seatFee: number;
  readonly stake: number;
  readonly silences: number;
  readonly headWindow: number;
  readonly room: number;
  /** How many entries that do its duties a need pays for, and of how many bytes. */
  readonly logDuties: number;
  readonly logDutyBytes: number;
  /** Whether there are verifiers enough for juries. */
  readonly crowd: boolean;
  readonly arbiters: number;
  /** Begins in bootstrap: this many verifiers have no stake yet. */
  readonly unstaked: number;
  readonly reputationPeriodMs: number;
  /** Of judged needs, how many may be plants that are repaid. */
  readonly plantRateBps: number;
  /** What every entry has to pass first; left out: the network has no policy. */
  readonly rules?: ToyRules;
}

/** Thirteen keys of twelve organisations, or thirty-one of thirty, one that is related to a worker, and one that nobody vouches for. */
const verifiers = (stake: number, crowd: boolean): readonly VerifierSpec[] => [
  ...(crowd ? verifiersOf(31, 30, stake) : verifiersOf(13, 12, stake)),
  { who: agent('v40'), org: 'work-ada', asn: 300, region: 'mid', stake },
  { who: agent('v41'), org: null, asn: 0, region: 'unverified', stake },
];

export function worldOptions(setting: Setting): WorldOptions {
  const {
    stake,
    silences,
    headWindow,
    room,
    crowd,
    arbiters,
    logDuties,
    logDutyBytes,
    unstaked,
    reputationPeriodMs,
    plantRateBps,
    rules,
  } = setting;
  const all = verifiers(stake, crowd).map((one, index) => (index < unstaked ? { ...one, stake: 0 } : one));
  const minted = 12 * CREDIT + 7 * 1000 * CREDIT + all.length * (1000 * CREDIT + stake);
  const params = {
    silencesPerEpoch: silences,
    headWindow,
    chainLength: 400,
    maxRenewals: 1,
    reputationPeriodMs,
    maxSealsPerKey: 4,
    ...LOG_FEES,
    logDuties,
    logDutyBytes,
    proofUnitBond: 1000,
    bootstrapVerifiers: unstaked === 0 ? 0 : 7,
    bootstrapMs: 1000,
    trialPriceMax: 5 * CREDIT,
    trialsPerIdentity: 1,
    trialFund: 12 * CREDIT,
    plantRateBps,
    // Less than the fund has after one need, so that what is repaid follows from the cost.
    plantRepayBps: 200,
    bootstrapNeeds: 2,
  };
  return {
    ...{ verifiers: all, supplyCap: minted + room, params },
    arbiters: [STRANGER, DAN, BYSTANDER].slice(0, arbiters),
    ...(rules === undefined ? {} : { policy: inGenesis(toyPolicy(rules)), load: loadToy }),
  };
}

/** Salt of the marks of all needs of histories. */
export const PLANT_SALT = new Uint8Array(32).fill(5);

/** A running digest of a life that ended, and of no other. */
const ENDED_DIGEST = new Uint8Array(32).fill(8);

/** A challenge that was sealed, and waits to be opened. */
export interface Sealed {
  readonly who: Agent;
  readonly subject: Cid;
  readonly accusation: Accusation;
}

/** A world in which keys do things, sensible and not, and what they know of it. Every entry is applied; what comes of it is the law's. */
export class Scene {
  readonly world: World;
  readonly setting: Setting;
  readonly sealed: Sealed[] = [];
  /** Votes that seals hide, by seal. */
  readonly hidden = new Map<string, VerifiedEnvelope>();
  /** What seats chose and no entry said. */
  readonly lost: Lost[] = [];
  /** Entries that were made and not sent yet. */
  readonly held: VerifiedEntry[] = [];
  /** How often each key made a chain. */
  readonly joined = new Map<string, number>();
  /** Whether entries are held back instead of sent. */
  holding = false;
  readonly #honest: Set<EnvelopeId>;

  constructor(world: World, setting: Setting, honest: Set<EnvelopeId>) {
    this.world = world;
    this.setting = setting;
    this.#honest = honest;
  }

  get keys(): readonly Agent[] {
    return this.world.verifiers.map((verifier) => verifier.who);
  }

  get everybody(): readonly [Agent, ...Agent[]] {
    return [REQUESTER, ...WORKERS, ...this.keys, AUTHORITY, STRANGER];
  }

  get needs(): readonly Need[] {
    return [...this.world.state.needs.values()];
  }

  get commits(): readonly Commit[] {
    return [...this.world.state.commits.values()];
  }

  story(need: Pick<Need, 'id'>): Story {
    return new Story(this.world, need.id);
  }

  send<V extends LogVerb>(by: Agent, verb: V, body: Bodies[V], evidence?: Evidence, frame: Frame = {}): void {
    this.put(this.world.entry(by, verb, body, evidence, frame));
  }

  put(entry: VerifiedEntry): void {
    if (!this.holding) this.world.apply(entry);
    else if (this.held.length < 40) this.held.push(entry);
  }

  /** The committee of a commit while it sits. */
  jury({ id }: Commit): Committee | undefined {
    return this.world.state.committees.get(`result/${id}`);
  }

  seats(committee: Committee): readonly Agent[] {
    return seatedOf(committee).map(({ did }) => who(did));
  }

  /** The same as its sender said it in the life before, of what only that one had; in the first life it stays as it is. */
  ended(said: VerifiedEnvelope): VerifiedEnvelope {
    const { from, verb, body, network } = said.payload;
    const head = this.world.head();
    if (head.incarnation === this.world.genesis.incarnation) return said;
    const before = { ...head, incarnation: head.incarnation - 1, digest: ENDED_DIGEST };
    return this.world.gossip(who(from), verb as 'REPORT', body as never, { network, head: before });
  }

  /** A vote on the last commit of a need; an honest one has the steps that its leaves give. */
  vote(story: Story, seat: Agent, verdict: Verdict, honest: boolean): VerifiedEnvelope {
    if (!honest) return story.vote(seat, verdict);
    const vote = story.vote(seat, verdict, { steps: story.steps(seat) });
    this.#honest.add(vote.id);
    return vote;
  }
}

/** What the scenes' results and votes are worth. */
export const truthOf = (honest: ReadonlySet<EnvelopeId>): Truth => ({
  brokenBy: (output: ArtifactRef | undefined) => {
    if (output?.cid === LYING.cid) return 'missing_citation';
    return output?.cid === UNFIT.cid ? 'schema_violation' : null;
  },
  stated: (output) => ({ statements: 1, cited: output?.cid === TRUTHFUL.cid ? 1 : 0 }),
  isHonest: (vote) => honest.has(vote),
});
