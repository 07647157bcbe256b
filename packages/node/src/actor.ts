import {
  type Commit,
  evaluationKey,
  inspectionKey,
  type Need,
  type OwnDuty,
  resultSubject,
  type SharedDuty,
  type State,
  workKey,
} from '@canswarm/kernel';
import type { Clock, ContentStore, RandomStream, ResultInput, SkillResult, Store, TaskInput } from '@canswarm/ports';
import { SkillError } from '@canswarm/ports';
import {
  type CommitId,
  type Crypto,
  challengeSeal,
  type Did,
  type Evidence,
  encodeEvidence,
  fromHex,
  type NeedId,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { findingBlocks } from './challenge-evidence.ts';
import { evaluationSteps } from './evaluation.ts';
import type { Identity } from './identity.ts';
import type { Draft, Outbox, Said } from './outbox.ts';
import { RevealCursor } from './reveal-cursor.ts';
import type { Made, SkillDesk } from './skill-desk.ts';
import type { NegotiationView } from './view.ts';

const REASON_MAX = 256;
const REASONS_MAX = 8;

export interface ActorOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly desk: SkillDesk;
  readonly outbox: Outbox;
  readonly content: ContentStore;
  readonly store: Store;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly salts: RandomStream;
}

/** Turns duties into what a key says or starts. Only duties and the owner's commands send a verb. */
export class Actor {
  readonly #options: ActorOptions;
  readonly #cursors = new Map<Did, RevealCursor>();

  constructor(options: ActorOptions) {
    this.#options = options;
  }

  /** Does what one key should do now. */
  own(identity: Identity, duty: OwnDuty): void {
    switch (duty.type) {
      case 'report':
        return this.#report(identity, duty.reveal);
      case 'rejoin': {
        const body = { tip: fromHex(duty.tip), length: duty.length, credential: null };
        return this.#say(identity, { verb: 'JOIN', body }, null, null);
      }
      case 'bid':
        return this.#bid(identity, this.#need(duty.need), duty.key);
      case 'plan':
        return this.#plan(identity, this.#need(duty.need), duty);
      case 'vote_plan': {
        const { need, round, ballot, draw, winner, bidsSeen } = duty;
        const body = { need, round, ballot, draw, winner, bidsSeen, policyDigest: null };
        return this.#vote(identity, duty.key, need, { verb: 'ATTEST_PLAN', body });
      }
      case 'execute':
        return this.#execute(identity, this.#need(duty.need), duty.attempt);
      case 'evaluate':
        return this.#evaluate(identity, duty.commit);
      case 'inspect':
        return this.#inspect(identity, duty.commit);
      case 'vote_result':
        return this.#voteResult(identity, duty);
      case 'miss': {
        const { need, attempt, fence } = duty;
        const body = { need, task: 'main', attempt, fence, interval: this.#options.state.params.misses };
        return this.#vote(identity, duty.key, need, { verb: 'MISS', body });
      }
      case 'challenge':
        return this.#challenge(identity, duty.commit, duty.sealed);
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
        return this.#say(identity, { verb: 'RELEASE', body: { need, task: 'main', attempt, fence } }, need, evidence);
      }
      case 'finalize':
        return this.#say(identity, { verb: 'FINALIZE', body: { commit: duty.commit } }, duty.need, null);
    }
  }

  #report(identity: Identity, reveal: boolean): void {
    const { state, view, clock } = this.#options;
    const { did } = identity.signer;
    const member = state.members.get(did);
    const { revealAt } = view.reported(did);
    let preimage: Uint8Array | null = null;
    if (reveal && member !== undefined && identity.chain !== null) {
      const index = this.#reveals(did).next(member.revealsLeft);
      if (index !== null) preimage = identity.chain.at(index);
    }
    const time = clock.now();
    view.noteReport(did, time, preimage === null ? revealAt : state.position);
    this.#say(identity, { verb: 'REPORT', body: { time, preimage } }, null, null);
  }

  #reveals(did: Did): RevealCursor {
    let cursor = this.#cursors.get(did);
    if (cursor === undefined) {
      cursor = new RevealCursor(this.#options.store, did);
      this.#cursors.set(did, cursor);
    }
    return cursor;
  }

  #bid(identity: Identity, need: Need, key: string): void {
    const { view, clock } = this.#options;
    const offer = identity.offer?.(need) ?? null;
    view.noteSigned(need.id, key, clock.now());
    if (offer === null) return;
    const { did } = identity.signer;
    const patch = [{ task: 'main', assignee: did, price: offer.price, acceptance: null }];
    const { price, etaMs } = offer;
    this.#say(
      identity,
      { verb: 'PROPOSE', body: { need: need.id, round: need.round, price, etaMs, planner: identity.planner, patch } },
      need.id,
      null,
    );
  }

  #plan(identity: Identity, need: Need, duty: { key: string; acceptance: VerifiedEnvelope }): void {
    const { view, clock } = this.#options;
    const { payload } = duty.acceptance;
    view.noteSigned(need.id, duty.key, clock.now());
    if (payload.verb !== 'PROPOSE' || identity.share === null) return;
    const { etaMs } = payload.body;
    const price = Math.min(payload.body.price + identity.share(need, payload.body.price), need.body.priceCap);
    if (price < payload.body.price) return;
    const patch = [{ task: 'main', assignee: payload.from, price: payload.body.price, acceptance: duty.acceptance.id }];
    const body = { need: need.id, round: need.round, price, etaMs, planner: identity.signer.did, patch };
    this.#say(identity, { verb: 'PROPOSE', body }, need.id, null);
  }

  #vote(identity: Identity, key: string, need: NeedId, said: Said): void {
    this.#options.view.noteSigned(need, key, this.#options.clock.now());
    this.#draft(identity, { said, thread: need, evidence: null, guard: key });
  }

  #execute(identity: Identity, need: Need, attempt: number): void {
    const { execute } = identity.engines;
    if (execute === null) return;
    const key = workKey(need.id, attempt);
    const timeMs = this.#workMs(need);
    const job = {
      skill: need.body.skill,
      engine: execute,
      action: 'execute',
      task: taskOf(need, attempt, { price: need.lease?.bid.workerPrice ?? 0, timeMs }),
    } as const;
    this.#begin(need, key, job, timeMs, async (ended) => {
      if (ended instanceof SkillError) return { kind: 'failure', reason: `${ended.code}: ${ended.message}` };
      if (ended.action !== 'execute') return { kind: 'failure', reason: 'it made no outputs' };
      return { kind: 'outputs', outputs: ended.outputs, telemetry: ended.telemetry, trace: ended.trace };
    });
  }

  #evaluate(identity: Identity, id: CommitId): void {
    const { state, content, crypto, clock } = this.#options;
    const { evaluate } = identity.engines;
    const subject = this.#result(id);
    if (evaluate === null || subject === null) return;
    const { need, commit, input } = subject;
    const { did } = identity.signer;
    const committee = state.committees.get(resultSubject(id));
    const seat = committee?.seats.find((candidate) => candidate.did === did && candidate.status === 'seated');
    const seed = seat === undefined ? undefined : committee?.seeds[seat.draw]?.seed;
    if (seed === undefined) return;
    const artifacts = [...need.body.inputs, ...commit.outputs];
    const job = { skill: need.body.skill, engine: evaluate, action: 'evaluate', ...input } as const;
    // A seat whose skill hangs, or whose bytes are withheld, cannot tell; it says so in time rather than be silent.
    const answerMs = Math.max(state.params.answerMs, need.body.windows.answerMs);
    // By log time, which stands still while the network cannot agree on it: bytes may come when that is over. Half of the
    // answer period is a timer, so log time reaches it in any network that works.
    const lastTryAt = committee?.halfAt ?? 0;
    this.#begin(need, evaluationKey(id, did), job, this.#judgeMs(need), async (ended) => {
      const until = { clock, endsAt: clock.now() + Math.floor(answerMs / 8) };
      const subject = { did, commit: id, seed, artifacts };
      const { steps, complete } = await evaluationSteps(subject, content, crypto.sha256, until);
      const judgement = complete ? judgementOf(ended) : CANNOT_TELL;
      if (judgement.verdict === 'undecidable' && state.time < lastTryAt) return this.#again(Math.ceil(answerMs / 16));
      return { kind: 'judgement', ...judgement, steps };
    });
  }

  /** Some time later. */
  #again(ms: number): Promise<'again'> {
    return new Promise((resolve) => this.#options.clock.schedule(ms, () => resolve('again')));
  }

  #inspect(identity: Identity, id: CommitId): void {
    const { content, crypto, salts } = this.#options;
    const { inspect } = identity.engines;
    const subject = this.#result(id);
    if (inspect === null || subject === null) return;
    const { need, commit, input } = subject;
    const job = { skill: need.body.skill, engine: inspect, action: 'inspect', ...input } as const;
    this.#begin(need, inspectionKey(id, identity.signer.did), job, need.body.windows.leaseMs, async (ended) => {
      if (ended instanceof SkillError || ended.action !== 'inspect' || ended.finding === null) return null;
      const blocks = await findingBlocks(ended.finding, need, commit, content, crypto.sha256);
      const evidence = { envelopes: [], blocks: [...blocks].map(([cid, bytes]) => ({ cid, bytes })) };
      const evidenceHash = crypto.sha256(encodeEvidence(evidence));
      return { kind: 'finding', finding: ended.finding, salt: salts.bytes(32), evidence, evidenceHash };
    });
  }

  #begin(
    need: Need,
    key: string,
    job: Parameters<SkillDesk['start']>[2],
    deadlineMs: number,
    finish: (ended: SkillResult | SkillError) => Promise<Made | null | 'again'>,
  ): void {
    const { view, desk } = this.#options;
    view.noteWork(need.id, key, 'running');
    desk.start(need.id, key, job, deadlineMs, finish);
  }

  /** How long work may take: as long as a lease may live by renewals alone. Its end, not this, is what ends the job. */
  #workMs({ body }: Need): number {
    const { leaseMs, maxRenewals } = this.#options.state.params;
    return Math.min(body.deadlineMs, Math.max(leaseMs, body.windows.leaseMs) * (1 + maxRenewals));
  }

  /** How long a seat may judge: what is left is for reading leaves and for the vote. */
  #judgeMs({ body }: Need): number {
    return Math.ceil((Math.max(this.#options.state.params.answerMs, body.windows.answerMs) * 3) / 4);
  }

  #voteResult(identity: Identity, duty: { key: string; commit: CommitId; ballot: number; draw: number }): void {
    const { commit, ballot, draw } = duty;
    const made = this.#options.desk.made(evaluationKey(commit, identity.signer.did));
    const need = this.#options.state.commits.get(commit)?.need;
    if (made?.kind !== 'judgement' || need === undefined) return;
    const { verdict, reasons, steps } = made;
    const about = { commit, ballot, draw, steps, policyDigest: null };
    const said: Said =
      verdict === 'pass' ? { verb: 'ATTEST', body: about } : { verb: 'REJECT', body: { ...about, verdict, reasons } };
    this.#vote(identity, duty.key, need, said);
  }

  #lease(
    identity: Identity,
    duty: Extract<OwnDuty, { type: 'heartbeat' | 'renew' | 'yield' | 'commit' | 'claim' }>,
  ): void {
    const { state, clock, view, desk } = this.#options;
    const need = this.#need(duty.need);
    const about = { need: need.id, task: 'main', attempt: duty.attempt };
    switch (duty.type) {
      case 'heartbeat':
        view.noteAlive(need.id, duty.attempt, clock.now());
        return this.#say(
          identity,
          { verb: 'HEARTBEAT', body: { ...about, fence: duty.fence, progress: null } },
          need.id,
          null,
        );
      case 'renew':
        return this.#say(
          identity,
          { verb: 'RENEW', body: { ...about, fence: duty.fence, progress: null } },
          need.id,
          null,
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
        const { outputs, telemetry, trace } = made;
        return this.#say(
          identity,
          { verb: 'COMMIT', body: { ...about, fence: duty.fence, outputs, telemetry, trace } },
          need.id,
          null,
        );
      }
      case 'claim': {
        const offer = identity.offer?.(need) ?? null;
        if (offer === null) return;
        const ttlMs = Math.max(state.params.leaseMs, need.body.windows.leaseMs);
        return this.#say(
          identity,
          { verb: 'CLAIM', body: { ...about, ttlMs, cost: offer.price, etaMs: offer.etaMs } },
          need.id,
          null,
        );
      }
    }
  }

  #challenge(identity: Identity, id: CommitId, sealed: boolean): void {
    const { desk, crypto, state } = this.#options;
    const made = desk.made(inspectionKey(id, identity.signer.did));
    const commit = state.commits.get(id);
    if (made?.kind !== 'finding' || commit === undefined) return;
    const { finding, salt, evidence, evidenceHash } = made;
    const opening = { salt, claim: finding.claim };
    const about = { subject: id, class: finding.class };
    const laid = { ...about, ...opening, challenger: identity.signer.did, evidence: evidenceHash };
    const seal = challengeSeal(laid, crypto.sha256);
    const body = { ...about, seal, opening: sealed ? opening : null };
    this.#say(identity, { verb: 'CHALLENGE', body }, commit.need, sealed ? evidence : null);
  }

  #result(id: CommitId): { need: Need; commit: Commit; input: ResultInput } | null {
    const commit = this.#options.state.commits.get(id);
    if (commit === undefined) return null;
    const need = this.#need(commit.need);
    return {
      need,
      commit,
      input: {
        task: taskOf(need, commit.attempt, { price: 0, timeMs: this.#judgeMs(need) }),
        commit: id,
        outputs: commit.outputs,
      },
    };
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

const envelopesOnly = (envelopes: readonly VerifiedEnvelope[]): Evidence => ({
  envelopes: envelopes.map((envelope) => envelope.bytes),
  blocks: [],
});

const taskOf = (need: Need, attempt: number, terms: Pick<TaskInput, 'price' | 'timeMs'>): TaskInput => {
  const { skill, goal, inputs, acceptance } = need.body;
  return { need: need.id, skill, goal, inputs, acceptance, attempt, ...terms };
};

/** A vote asserts that its leaves were read: without them nobody passes or fails anything. */
const CANNOT_TELL = { verdict: 'undecidable', reasons: ['not every leaf could be had'] } as const;

/** A verifier whose own skill failed cannot tell; it never guesses. */
function judgementOf(ended: SkillResult | SkillError): {
  verdict: 'pass' | 'fail' | 'undecidable';
  reasons: readonly string[];
} {
  if (ended instanceof SkillError) return { verdict: 'undecidable', reasons: [`evaluation ${ended.code}`] };
  if (ended.action !== 'evaluate') return { verdict: 'undecidable', reasons: ['evaluation gave no verdict'] };
  const reasons = ended.reasons.slice(0, REASONS_MAX).map((reason) => clip(reason));
  return {
    verdict: ended.verdict,
    reasons: reasons.length > 0 || ended.verdict === 'pass' ? reasons : ['no reason given'],
  };
}

/** Cuts text to a length in UTF-8 bytes without splitting a character. */
function clip(text: string): string {
  let cut = text.slice(0, REASON_MAX);
  while (new TextEncoder().encode(cut).length > REASON_MAX) cut = cut.slice(0, -1);
  return cut;
}
