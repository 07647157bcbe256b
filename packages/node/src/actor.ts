import {
  digestOf,
  evaluationKey,
  hearingKey,
  inspectionKey,
  type Need,
  type OwnDuty,
  resultSubject,
  type SharedDuty,
  type State,
  speculationKey,
  taskName,
  workerPriceLeft,
  workKey,
} from '@canswarm/kernel';
import type { Clock, ContentStore, RandomStream, Store } from '@canswarm/ports';
import {
  type Cid,
  type CommitId,
  type Crypto,
  type Evidence,
  fromHex,
  type NeedId,
  type SealableVote,
  type VerifiedEnvelope,
  voteSeal,
} from '@canswarm/protocol';
import type { Accuser } from './accuser.ts';
import { Bidder } from './bidder.ts';
import { clip } from './clip.ts';
import type { Identity } from './identity.ts';
import type { NeedGate } from './need-gate.ts';
import type { Accusation } from './opening-book.ts';
import type { Draft, Outbox, Said } from './outbox.ts';
import { PolicyDeniedError } from './policy-denied-error.ts';
import { publishProgress } from './progress.ts';
import { Reveals } from './reveals.ts';
import type { SelfCheck } from './self-check.ts';
import type { SkillDesk } from './skill-desk.ts';
import type { NegotiationView } from './view.ts';
import type { Workbench } from './workbench.ts';

export interface ActorOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly desk: SkillDesk;
  readonly outbox: Outbox;
  readonly needGate: NeedGate;
  readonly accuser: Accuser;
  readonly selfCheck: SelfCheck;
  readonly bench: Workbench;
  readonly content: ContentStore;
  readonly store: Store;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly salts: RandomStream;
}

interface ResultDuty {
  readonly key: string;
  readonly commit: CommitId;
  readonly ballot: number;
  readonly draw: number;
}

/** Turns duties into what a key says or starts. Only duties and the owner's commands send a verb. */
export class Actor {
  readonly #options: ActorOptions;
  readonly #bidder: Bidder;
  readonly #reveals: Reveals;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#bidder = new Bidder(options);
    this.#reveals = new Reveals(options);
  }

  /** Does what one key should do now. */
  own(identity: Identity, duty: OwnDuty): void {
    const { bench } = this.#options;
    switch (duty.type) {
      case 'report':
        return this.#report(identity, duty.reveal);
      case 'rejoin':
        return this.#rejoin(identity, duty);
      case 'conform':
        return this.#options.selfCheck.conform(identity);
      case 'bid':
      case 'open_bid':
      case 'open_cap':
      case 'improve':
      case 'plan':
      case 'propose_division':
        return this.#bidder.own(identity, this.#need(duty.need), duty);
      case 'divide':
        return bench.divide(identity, this.#need(duty.need), duty.round);
      case 'vote_plan': {
        const { need, round, ballot, draw, winner, bidsSeen } = duty;
        const policyDigest = digestOf(this.#need(need));
        const body = { need, round, ballot, draw, winner, bidsSeen, policyDigest };
        return this.#vote(identity, duty.key, need, { verb: 'ATTEST_PLAN', body });
      }
      case 'rehearse':
        return bench.rehearse(identity, this.#need(duty.need));
      case 'execute':
        return bench.execute(identity, this.#need(duty.need), duty.attempt);
      case 'speculate':
        return bench.speculate(identity, this.#need(duty.need), duty.price);
      case 'alternate':
        return this.#alternate(identity, duty);
      case 'evaluate':
        return bench.evaluate(identity, duty.commit);
      case 'hear':
        return bench.hear(identity, duty.commit, duty.challenge);
      case 'judge':
        return this.#judge(identity, duty);
      case 'inspect':
        return bench.inspect(identity, duty.commit);
      case 'seal_result':
        return this.#sealResult(identity, duty);
      case 'vote_result':
        return this.#voteResult(identity, duty);
      case 'miss': {
        const { need, attempt, fence } = duty;
        const body = {
          need,
          task: taskName(this.#need(need)),
          attempt,
          fence,
          interval: this.#options.state.params.misses,
        };
        return this.#vote(identity, duty.key, need, { verb: 'MISS', body });
      }
      case 'accuse':
        return this.#accuse(identity, duty);
      case 'challenge':
        return this.#challenge(identity, duty.commit);
      case 'review':
        return bench.review(identity, duty.commit);
      case 'dispute':
        return this.#dispute(identity, duty.commit);
      case 'open':
        return this.#options.accuser.open(identity, duty);
      default:
        if (!identity.lifeless) this.#lease(identity, duty);
    }
  }

  /** Does what anyone may do, with one of this node's keys. */
  shared(identity: Identity, duty: SharedDuty): void {
    const evidence = 'evidence' in duty ? envelopesOnly(duty.evidence) : null;
    switch (duty.type) {
      case 'tick':
        return this.#say(identity, { verb: 'TICK', body: {} }, null, evidence);
      case 'decide': {
        const { need, round, ballot } = duty;
        return this.#say(identity, { verb: 'DECIDE', body: { need, round, ballot } }, need, evidence);
      }
      case 'certify': {
        const { commit, ballot, need } = duty;
        return this.#say(identity, { verb: 'CERTIFY', body: { commit, ballot } }, need, evidence);
      }
      case 'release': {
        const { need, attempt, fence } = duty;
        return this.#say(
          identity,
          { verb: 'RELEASE', body: { need, task: taskName(this.#need(need)), attempt, fence } },
          need,
          evidence,
        );
      }
      case 'rule': {
        const { ruling, commit, challenge, ballot, need } = duty;
        const verb = ruling === 'uphold' ? 'INVALIDATE' : 'DISMISS';
        return this.#say(identity, { verb, body: { commit, challenge, ballot } }, need, evidence);
      }
      case 'reconcile': {
        const { need, merged, orphaned, salvaged } = duty;
        return this.#say(identity, { verb: 'RECONCILE', body: { need, merged, orphaned, salvaged } }, need, evidence);
      }
      case 'suspend': {
        const { member, vote } = duty;
        return this.#say(identity, { verb: 'SUSPEND', body: { member, vote } }, null, evidence);
      }
      case 'finalize':
        return this.#say(identity, { verb: 'FINALIZE', body: { commit: duty.commit } }, duty.need, null);
    }
  }

  #report(identity: Identity, reveal: boolean): void {
    const { state, view, clock } = this.#options;
    const { did } = identity.signer;
    const { revealAt } = view.reported(did);
    const preimage = reveal ? this.#reveals.next(identity) : null;
    const time = clock.now();
    view.noteReport(did, time, preimage === null ? revealAt : state.position);
    this.#say(identity, { verb: 'REPORT', body: { time, preimage } }, null, null);
  }

  /** JOIN again, where it is due; where the log cannot follow a key's chain, with the value that it goes on from. */
  rejoinDuty(identity: Identity): OwnDuty | null {
    return this.#reveals.rejoinDuty(identity);
  }

  #rejoin(identity: Identity, { tip, length }: Extract<OwnDuty, { type: 'rejoin' }>): void {
    this.#say(identity, { verb: 'JOIN', body: { tip: fromHex(tip), length, credential: null } }, null, null);
  }

  #vote(identity: Identity, key: string, need: NeedId, said: Said): void {
    this.#options.view.noteSigned(need, key, this.#options.clock.now());
    this.#draft(identity, { said, thread: need, evidence: null, guard: key });
  }

  /**
   * What a key made while the log was away, by a bid that this did not adopt. All of the result is kept as the COMMIT that it may become;
   * no lease has its fence.
   */
  #alternate(identity: Identity, { key, need: id, bid }: Extract<OwnDuty, { type: 'alternate' }>): void {
    const { state, desk, view, clock } = this.#options;
    const made = desk.made(speculationKey(id, identity.signer.did));
    if (made?.kind !== 'outputs') return;
    const { outputs, telemetry, trace } = made;
    const need = this.#need(id);
    const fence = { incarnation: state.incarnation, position: 0 };
    const about = { need: id, task: taskName(need), attempt: need.attempt + 1, fence };
    view.noteSigned(id, key, clock.now());
    this.#draft(identity, {
      ...{ said: { verb: 'ALTERNATE', body: { need: id, bid, outputs } }, thread: id, evidence: null, guard: key },
      hides: { verb: 'COMMIT', body: { ...about, outputs, telemetry, trace } },
    });
  }

  /** What this key found of a result, as a vote; null where it found nothing. */
  #judgement(identity: Identity, { commit, ballot, draw }: ResultDuty, salt: Uint8Array | null): SealableVote | null {
    const made = this.#options.desk.made(evaluationKey(commit, identity.signer.did));
    if (made?.kind !== 'judgement') return null;
    const { verdict, reasons, steps } = made;
    const judged = this.#options.state.commits.get(commit);
    if (judged === undefined) return null;
    const about = { commit, ballot, draw, steps, salt, policyDigest: digestOf(judged) };
    return verdict === 'pass'
      ? { verb: 'ATTEST', body: about }
      : { verb: 'REJECT', body: { ...about, verdict, reasons } };
  }

  /** A juror that found nothing, or may not, says that it cannot tell. */
  #judge(identity: Identity, { key, type: _, ...about }: Extract<OwnDuty, { type: 'judge' }>): void {
    const made = this.#options.desk.made(hearingKey(about.challenge, identity.signer.did));
    const need = this.#options.state.commits.get(about.commit)?.need;
    if (need === undefined) return;
    const found = made?.kind === 'judgement' ? made : null;
    const verdict = RULINGS[found?.verdict ?? 'undecidable'];
    this.#vote(identity, key, need, { verb: 'JUDGE', body: { ...about, verdict, reasons: found?.reasons ?? [] } });
  }

  #sealResult(identity: Identity, duty: ResultDuty): void {
    const { view, state, clock, crypto, salts } = this.#options;
    const { commit, ballot, draw, key } = duty;
    const need = state.commits.get(commit)?.need;
    const hides = this.#judgement(identity, duty, salts.bytes(32));
    if (hides === null || need === undefined) return;
    const seal = voteSeal(identity.signer.did, hides, crypto.sha256);
    view.noteSigned(need, key, clock.now());
    const said: Said = { verb: 'SEAL', body: { commit, ballot, draw, seal } };
    this.#draft(identity, { said, thread: need, evidence: null, guard: key, hides });
  }

  #voteResult(identity: Identity, duty: ResultDuty): void {
    const { state, outbox } = this.#options;
    const commit = state.commits.get(duty.commit);
    const sealed = state.committees.get(resultSubject(duty.commit))?.sealed === true;
    if (commit === undefined) return;
    const said = sealed
      ? outbox.hidden(commit.need, duty.key.replace('vote/', 'seal/'))
      : this.#judgement(identity, duty, null);
    if (said !== null) this.#vote(identity, duty.key, commit.need, said);
  }

  #lease(
    identity: Identity,
    duty: Extract<OwnDuty, { type: 'heartbeat' | 'renew' | 'yield' | 'commit' | 'claim' }>,
  ): void {
    const { state, clock, view, desk, needGate } = this.#options;
    const { did } = identity.signer;
    const need = this.#need(duty.need);
    const about = { need: need.id, task: taskName(need), attempt: duty.attempt };
    switch (duty.type) {
      case 'heartbeat':
        view.noteAlive(need.id, duty.attempt, clock.now());
        return this.#withProgress(workKey(need.id, duty.attempt), (progress) =>
          this.#say(identity, { verb: 'HEARTBEAT', body: { ...about, fence: duty.fence, progress } }, need.id, null),
        );
      case 'renew':
        return this.#withProgress(workKey(need.id, duty.attempt), (progress) =>
          this.#say(identity, { verb: 'RENEW', body: { ...about, fence: duty.fence, progress } }, need.id, null),
        );
      case 'yield': {
        const made = desk.made(workKey(need.id, duty.attempt));
        const why =
          made?.kind === 'failure' ? `the skill failed, ${made.reason}` : 'it cannot be done in the time left';
        const reason = clip(why);
        return this.#say(identity, { verb: 'YIELD', body: { ...about, fence: duty.fence, reason } }, need.id, null);
      }
      case 'commit': {
        const made = desk.made(workKey(need.id, duty.attempt));
        if (made?.kind !== 'outputs') return;
        const { outputs, telemetry, trace, stated } = made;
        const said: Said = { verb: 'COMMIT', body: { ...about, fence: duty.fence, outputs, telemetry, trace } };
        // What a policy denies it denies again: the task is for others.
        const onFailed = (error: unknown): void => {
          if (error instanceof PolicyDeniedError) desk.spoil(need.id, workKey(need.id, duty.attempt), error.message);
        };
        const say = (): void => {
          if (need.lease?.attempt !== duty.attempt) return;
          this.#draft(identity, { said, thread: need.id, evidence: null, guard: null, stated, onFailed });
        };
        return needGate.pass(did, need, { said, stated }, say, onFailed);
      }
      case 'claim': {
        const offer = identity.offer?.(need) ?? null;
        const left = workerPriceLeft(need);
        if (offer === null || offer.floor > left) return;
        const ttlMs = Math.max(state.params.leaseMs, need.body.windows.leaseMs);
        const body = { ...about, ttlMs, cost: Math.min(offer.price, left), etaMs: offer.etaMs };
        const said: Said = { verb: 'CLAIM', body };
        return needGate.pass(did, need, { said }, () => {
          if (need.lease === null) this.#say(identity, said, need.id, null);
        });
      }
    }
  }

  /** Calls `say` with the CID of how far work is, or null when it said nothing or that cannot be put. */
  #withProgress(key: string, say: (progress: Cid | null) => void): void {
    const { desk, content } = this.#options;
    const progress = desk.progress(key);
    if (progress === null) return say(null);
    publishProgress(content, progress).then(say, () => say(null));
  }

  #challenge(identity: Identity, id: CommitId): void {
    const { desk, state } = this.#options;
    const made = desk.made(inspectionKey(id, identity.signer.did));
    const commit = state.commits.get(id);
    if (made?.kind !== 'finding' || commit === undefined) return;
    const { finding, evidence } = made;
    this.#seal(identity, { need: commit.need, subject: id, class: finding.class, claim: finding.claim, evidence });
  }

  /** Has a jury decide whether a result is wrong. */
  #dispute(identity: Identity, id: CommitId): void {
    const commit = this.#options.state.commits.get(id);
    const claim = { output: 0, key: '', step: 0 };
    if (commit === undefined) return;
    this.#seal(identity, { need: commit.need, subject: id, class: 'wrong_output', claim, evidence: null });
  }

  /** Challenges a vote by what was heard. */
  #accuse(identity: Identity, { accused, need }: Extract<OwnDuty, { type: 'accuse' }>): void {
    const { class: kind, subject, envelopes } = accused;
    const claim = { output: 0, key: '', step: 0 };
    this.#seal(identity, { need, subject, class: kind, claim, evidence: envelopesOnly(envelopes) });
  }

  /** What cannot be said now is tried again as long as it is due; the outbox tells why. */
  #seal(identity: Identity, about: Omit<Accusation, 'by'>): void {
    this.#options.accuser.seal(identity, about).catch(() => undefined);
  }

  #need(id: NeedId): Need {
    const need = this.#options.state.needs.get(id);
    if (need === undefined) throw new RangeError(`a duty names ${id}, which is settled`);
    return need;
  }

  #say(identity: Identity, said: Said, thread: NeedId | null, evidence: Evidence | null): void {
    this.#draft(identity, { said, thread, evidence, guard: null });
  }

  #draft(identity: Identity, draft: Omit<Draft, 'signer' | 'refs'>): void {
    this.#options.outbox.say({ signer: identity.signer, refs: [], ...draft });
  }
}

/** What a juror says of a challenge by what it found of the result. */
const RULINGS = { pass: 'dismiss', fail: 'uphold', undecidable: 'undecidable' } as const;

const envelopesOnly = (envelopes: readonly VerifiedEnvelope[]): Evidence => ({
  envelopes: envelopes.map((envelope) => envelope.bytes),
  blocks: [],
});
