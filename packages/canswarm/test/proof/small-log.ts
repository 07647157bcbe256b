import {
  type Applied,
  apply,
  chainNext,
  createState,
  type KernelEvent,
  planSubject,
  resultSubject,
  type State,
  type SubjectId,
  stateRoot,
} from '@canswarm/kernel';
import { nodeCrypto, softwareSigner } from '@canswarm/local';
import type { Signer } from '@canswarm/ports';
import {
  type ArtifactRef,
  asCommitId,
  asNeedId,
  type Bodies,
  buildPayload,
  type Cid,
  type CommitId,
  type Evidence,
  fromHex,
  type Genesis,
  type GossipVerb,
  type LogVerb,
  type NeedId,
  type Payload,
  presetParams,
  type SignedEnvelope,
  signEntry,
  signEnvelope,
  utf8,
  verifyEntry,
  wholeTask,
} from '@canswarm/protocol';

export const crypto = nodeCrypto();
const START = 1_800_000_000_000;
const VERIFIERS = 7;
const CHAIN = 32;

interface Person {
  readonly signer: Signer;
  /** Hash chain, tip first. */
  readonly chain: readonly Uint8Array[];
  revealed: number;
}

/** The secret of a key of small logs. */
export const seedOf = (name: string): Uint8Array => crypto.sha256(utf8(`small-log/${name}`));

function person(name: string): Person {
  const signer = softwareSigner(seedOf(name));
  const chain = [crypto.sha256(utf8(`small-log/chain/${name}`))];
  while (chain.length <= CHAIN) chain.unshift(chainNext(crypto.sha256, chain[0] ?? new Uint8Array()));
  return { signer, chain, revealed: 0 };
}

/** What the need of the small log is about. */
export interface SmallTask {
  readonly skill: string;
  readonly goal: string;
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
  readonly outputs: readonly ArtifactRef[];
}

/** A log written by hand: one need from post to pay with the fewest entries, seven verifiers, no nodes and no clock. */
export class SmallLog {
  readonly requester = person('requester');
  readonly worker = person('worker');
  readonly verifiers = Array.from({ length: VERIFIERS }, (_, index) => person(`verifier ${index}`));
  readonly genesis: Genesis;
  readonly state: State;
  readonly entries: { position: number; bytes: Uint8Array }[] = [];
  readonly applied: Applied[] = [];
  #lamport = 0;

  constructor() {
    this.genesis = {
      v: 1,
      kind: 'genesis',
      name: 'small',
      time: START,
      incarnation: 1,
      rulesVersion: 1,
      epoch: 1,
      authority: this.requester.signer.did,
      supplyCap: 1_000_000_000,
      params: presetParams('dev'),
      accounts: [this.requester, this.worker, ...this.verifiers].map(({ signer }) => ({
        did: signer.did,
        free: 10_000_000,
        stake: 10_000_000,
      })),
      members: this.verifiers.map(({ signer, chain }, index) => ({
        did: signer.did,
        org: `org-${index}`,
        asn: 64_500 + index,
        region: `region-${index % 4}`,
        tip: chain[0] ?? null,
        chainLength: CHAIN,
      })),
      arbiters: [],
    };
    this.state = createState(this.genesis, crypto.sha256);
  }

  get events(): readonly KernelEvent[] {
    return this.applied.flatMap(({ events }) => events);
  }

  #frame(thread: Cid | null, from: Person): Omit<Payload, 'verb' | 'body' | 'v' | 'policy' | 'refs' | 'evidence'> {
    this.#lamport += 1;
    const { network, epoch, incarnation, position, digest } = this.state;
    const head = { incarnation, position, digest };
    const named = thread === null ? null : asNeedId(thread);
    return { network, thread: named, lamport: this.#lamport, time: START, epoch, from: from.signer.did, head };
  }

  gossip<V extends GossipVerb>(from: Person, thread: Cid | null, verb: V, body: Bodies[V]): SignedEnvelope {
    const payload = buildPayload<V>({ ...this.#frame(thread, from), verb, body });
    return signEnvelope(payload as Payload, from.signer, crypto.sha256);
  }

  /** Signs, verifies and applies one entry. */
  log<V extends LogVerb>(
    from: Person,
    thread: Cid | null,
    verb: V,
    body: Bodies[V],
    evidence: Evidence | null = null,
  ): Applied & { id: Cid } {
    const { bytes } = signEntry<V>({ ...this.#frame(thread, from), verb, body }, evidence, from.signer, crypto.sha256);
    const verdict = verifyEntry(bytes, crypto);
    if (!verdict.ok) throw new Error(`${verb}: ${verdict.code} ${verdict.path}`);
    const applied = apply(this.state, verdict.entry, crypto.sha256);
    this.applied.push(applied);
    this.entries.push({ position: applied.position, bytes });
    return { ...applied, id: verdict.entry.envelope.id };
  }

  /** Four verifiers, the fewest that move time, report it; three of them reveal. */
  tick(time: number, reveal = false): Applied {
    const reports = this.verifiers.slice(0, 4).map((verifier, index) => {
      if (reveal && index < 3) verifier.revealed += 1;
      const preimage = reveal && index < 3 ? (verifier.chain[verifier.revealed] ?? null) : null;
      return this.gossip(verifier, null, 'REPORT', { time: START + time, preimage }).bytes;
    });
    const [proposer] = this.verifiers;
    if (proposer === undefined) throw new Error('there are verifiers');
    return accepted(this.log(proposer, null, 'TICK', {}, { envelopes: reports, blocks: [] }));
  }

  #seats(subject: SubjectId): readonly Person[] {
    const seats = this.state.committees.get(subject)?.seats ?? [];
    return this.verifiers.filter(({ signer }) => seats.some((seat) => seat.did === signer.did)).slice(0, 3);
  }

  post(task: SmallTask): NeedId {
    const { skill, goal, inputs, acceptance } = task;
    const windows = { bidMs: 300, answerMs: 1000, challengeMs: 2000, leaseMs: 10_000 };
    const scoring = { priceBps: 8000, etaBps: 2000, reputationBps: 0 };
    const body = {
      skill,
      goal,
      inputs: [...inputs],
      acceptance,
      trial: null,
      priceCap: 1_000_000,
      tier: 2,
      seatFee: 10_000,
      scoring,
      windows,
      deadlineMs: 60_000,
      class: 'brief',
      plan: null,
      auction: 'open',
      capSeal: null,
      mark: new Uint8Array(32),
    } as const;
    return asNeedId(accepted(this.log(this.requester, null, 'NEED', body)).id);
  }

  hire(need: NeedId): void {
    this.tick(100, true);
    const patch = [wholeTask(this.worker.signer.did, 500_000)];
    const bid = this.gossip(this.worker, need, 'PROPOSE', {
      need,
      round: 1,
      base: 0,
      price: 500_000,
      etaMs: 100,
      planner: null,
      outbids: null,
      salt: null,
      patch,
    });
    this.tick(500);
    const votes = this.#seats(planSubject(need, 1)).map((seat) =>
      this.gossip(seat, need, 'ATTEST_PLAN', {
        need,
        round: 1,
        ballot: 1,
        draw: 0,
        winner: bid.id,
        bidsSeen: [bid.id],
        policyDigest: null,
      }),
    );
    const envelopes = [...votes, bid].map(({ bytes }) => bytes);
    accepted(this.log(this.requester, need, 'DECIDE', { need, round: 1, ballot: 1 }, { envelopes, blocks: [] }));
  }

  /** All verifiers have the log begin its next life. */
  restart(): void {
    const body = {
      incarnation: this.state.incarnation + 1,
      root: fromHex(stateRoot(this.state, crypto.sha256)),
    };
    const statements = this.verifiers.map((verifier) => this.gossip(verifier, null, 'ATTEST_STATE', body).bytes);
    accepted(this.log(this.requester, null, 'RESTART', body, { envelopes: statements, blocks: [] }));
  }

  commit(need: NeedId, outputs: readonly ArtifactRef[]): CommitId {
    const fence = this.state.needs.get(need)?.lease?.fence;
    if (fence === undefined) throw new Error('a lease is due');
    const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
    const body = { need, task: 'main', attempt: 1, fence, outputs: [...outputs], telemetry, trace: null };
    return asCommitId(accepted(this.log(this.worker, need, 'COMMIT', body)).id);
  }

  certify(need: NeedId, commit: CommitId): void {
    this.tick(600, true);
    const steps = Array.from({ length: 16 }, (_, index) => crypto.sha256(Uint8Array.of(index)));
    const votes = this.#seats(resultSubject(commit)).map((seat) =>
      this.gossip(seat, need, 'ATTEST', { commit, ballot: 1, draw: 0, steps, salt: null, policyDigest: null }),
    );
    const envelopes = votes.map(({ bytes }) => bytes);
    accepted(this.log(this.requester, need, 'CERTIFY', { commit, ballot: 1 }, { envelopes, blocks: [] }));
  }

  /** Also tries to finalize too early once: the log has a rejected entry. */
  settle(need: NeedId, commit: CommitId): void {
    this.tick(700);
    this.log(this.requester, need, 'FINALIZE', { commit });
    this.tick(2800);
    accepted(this.log(this.requester, need, 'FINALIZE', { commit }));
    this.tick(5000);
  }
}

function accepted<T extends Applied>(applied: T): T {
  if (!applied.outcome.accepted) throw new Error(`entry ${applied.position}: ${JSON.stringify(applied.outcome)}`);
  return applied;
}

/** The whole life of one need; in a log of three lives the others begin while it is worked on, and while its result can be challenged. */
export function smallLog(
  task: SmallTask,
  lives: 1 | 3 = 1,
): {
  readonly log: SmallLog;
  readonly need: NeedId;
  readonly commit: CommitId;
} {
  const log = new SmallLog();
  const need = log.post(task);
  log.hire(need);
  if (lives > 1) log.restart();
  const commit = log.commit(need, task.outputs);
  log.certify(need, commit);
  if (lives > 1) log.restart();
  log.settle(need, commit);
  return { log, need, commit };
}
