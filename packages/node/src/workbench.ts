import {
  alternateKey,
  type Commit,
  disputeOf,
  divisionKey,
  doneTasks,
  evaluationKey,
  hearingKey,
  inspectionKey,
  jurySubject,
  type Need,
  planBaseOf,
  readPatch,
  rehearsalKey,
  resultSubject,
  reviewKey,
  type State,
  type Stated,
  speculationKey,
  tasksMax,
  workKey,
} from '@canswarm/kernel';
import type { Clock, ContentStore, ResultInput, SkillResult, TaskInput } from '@canswarm/ports';
import { SkillError } from '@canswarm/ports';
import {
  type ArtifactRef,
  BLOCK_BYTES_MAX,
  type Cid,
  type CommitBody,
  type CommitId,
  type Crypto,
  type Did,
  type EnvelopeId,
  type Micro,
  type NeedId,
  type PatchTask,
} from '@canswarm/protocol';
import { findingBlocks } from './challenge-evidence.ts';
import { canObtain, evaluationSteps } from './evaluation.ts';
import type { Identity } from './identity.ts';
import { CANNOT_TELL, judgementByWork, judgementOf } from './judgement.ts';
import type { NeedGate } from './need-gate.ts';
import type { Outbox } from './outbox.ts';
import { exampleOf } from './rehearsal.ts';
import type { Made, SkillDesk } from './skill-desk.ts';
import type { Speculation } from './speculation.ts';
import { policyViolation, statedResult } from './stated-result.ts';
import type { NegotiationView } from './view.ts';

/** How long the blocks of what was made before are looked for. */
const REUSE_MS = 1_000;
/** How long an inspection that found nothing may look for what the policy denies. */
const INSPECT_MS = 10_000;
const POLICY_VIOLATION = { class: 'policy_violation', claim: { output: 0, key: '', step: 0 } } as const;
/** How long a juror that could not tell waits before it looks again. */
const AGAIN_MS = 100;

export interface WorkbenchOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly desk: SkillDesk;
  readonly content: ContentStore;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly needGate: Pick<NeedGate, 'ask'>;
  readonly speculation: Speculation;
  readonly outbox: Pick<Outbox, 'hidden'>;
}

/** Starts the skills that duties ask for, and makes of what they give what a key may say. */
export class Workbench {
  readonly #options: WorkbenchOptions;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
  }

  execute(identity: Identity, need: Need, attempt: number): void {
    const { execute } = identity.engines;
    if (execute === null) return;
    const { did } = identity.signer;
    const key = workKey(need.id, attempt);
    if (this.#takeOver(need, did, execute, key)) return;
    const price = need.lease?.bid.workerPrice ?? 0;
    const work = (): void => this.#work(need, execute, key, { attempt, price });
    const made = isAsPosted(need) ? this.#alternate(need, did) : null;
    if (made === null) return work();
    const { outputs, telemetry, trace } = made;
    this.#obtain(need, did, { key, attempt, made }, (had) => {
      if (had === null) return work();
      this.#options.speculation.begin(need, did, execute);
      this.#options.desk.keep(need.id, key, { kind: 'outputs', outputs, telemetry, trace, stated: had.stated });
    });
  }

  /** What this key made before, if the log has it on record and this node all that its result says; else the work is done. */
  #alternate(need: Need, did: Did): CommitBody | null {
    if (!need.alternates.some(({ worker }) => worker === did)) return null;
    const kept = this.#options.outbox.hidden(need.id, alternateKey(need.id, did));
    return kept?.verb === 'COMMIT' ? kept.body : null;
  }

  /** What the result that was made before states; null where its blocks cannot be had. Told only if the key holds the same lease by then. */
  #obtain(
    need: Need,
    did: Did,
    { key, attempt, made }: { readonly key: string; readonly attempt: number; readonly made: CommitBody },
    tell: (had: { readonly stated: Stated | null } | null) => void,
  ): void {
    const { state, view, content, clock } = this.#options;
    view.noteWork(need.id, key, 'running');
    const look = async (): Promise<{ readonly stated: Stated | null } | null> => {
      const had = await canObtain(made.outputs, content, { clock, endsAt: clock.now() + REUSE_MS });
      return had ? { stated: await this.#stated(need, made.outputs, REUSE_MS).catch(() => null) } : null;
    };
    const ended = (had: { readonly stated: Stated | null } | null): void => {
      const lease = state.needs.get(need.id)?.lease;
      if (lease?.attempt === attempt && lease.bid.worker === did) tell(had);
    };
    look().then(ended, () => ended(null));
  }

  /** Begins work on a need that the log does not say is this key's: it will be, if nothing else comes. */
  speculate(identity: Identity, need: Need, price: Micro): void {
    const { execute } = identity.engines;
    const { did } = identity.signer;
    if (execute === null || !this.#options.speculation.begin(need, did, execute)) return;
    this.#work(need, execute, speculationKey(need.id, did), { attempt: need.attempt + 1, price });
  }

  /** The log is lost: what is under way under a lease goes on, whatever becomes of the lease. */
  goOn(identities: readonly Identity[]): void {
    const { state, view, speculation } = this.#options;
    for (const { signer, engines } of identities)
      for (const need of state.needs.values()) {
        if (need.lease?.bid.worker !== signer.did || engines.execute === null) continue;
        if (view.work(need.id, workKey(need.id, need.attempt)) === 'running')
          speculation.begin(need, signer.did, engines.execute);
      }
  }

  /** Whether work that was begun before the lease is under way, or done, and is this work: it is not done again. */
  #takeOver(need: Need, did: Did, engine: string, key: string): boolean {
    const { speculation, desk, view } = this.#options;
    if (!speculation.isValid(need, did, engine)) return false;
    const moved = desk.move(need.id, speculationKey(need.id, did), key);
    if (moved === null) return false;
    if (moved === 'running') view.noteWork(need.id, key, 'running');
    else desk.skip(need.id, key);
    return true;
  }

  #work(need: Need, engine: string, key: string, { attempt, price }: { attempt: number; price: Micro }): void {
    const timeMs = this.#workMs(need);
    const job = {
      skill: need.body.skill,
      engine,
      action: 'execute',
      task: taskOf(need, attempt, { price, timeMs }),
    } as const;
    this.#begin(need, key, job, timeMs, async (ended) => {
      if (ended instanceof SkillError) return { kind: 'failure', reason: `${ended.code}: ${ended.message}` };
      if (ended.action !== 'execute') return { kind: 'failure', reason: 'it made no outputs' };
      const { outputs, telemetry, trace } = ended;
      const stated = await this.#stated(need, outputs, timeMs).catch(() => null);
      return { kind: 'outputs', outputs, telemetry, trace, stated };
    });
  }

  evaluate(identity: Identity, id: CommitId): void {
    const { state, content, crypto, clock, needGate } = this.#options;
    const { evaluate } = identity.engines;
    const subject = this.#result(id);
    if (evaluate === null || subject === null) return;
    const { need, commit, input } = subject;
    const { did } = identity.signer;
    const committee = state.committees.get(resultSubject(id));
    const seat = committee?.seats.find((candidate) => candidate.did === did && candidate.status === 'seated');
    const seed = seat === undefined ? undefined : committee?.seeds[seat.draw]?.seed;
    if (seed === undefined) return;
    const artifacts = [...need.inputs, ...commit.outputs];
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
      const count = () => this.#stated(need, commit.outputs, until.endsAt - clock.now());
      const askNeed = (capsule: Cid, asked: Uint8Array) => needGate.ask(capsule, asked, until.endsAt);
      const judgement = complete ? await judgementByWork(commit, ended, { count, askNeed }) : CANNOT_TELL;
      if (judgement.verdict === 'undecidable' && state.time < lastTryAt) return this.#again(Math.ceil(answerMs / 16));
      return { kind: 'judgement', ...judgement, steps };
    });
  }

  /** Looks at a disputed result as a juror: judges it as a seat would, or only whether its bytes can be had in time. */
  hear(identity: Identity, id: CommitId, challenge: EnvelopeId): void {
    const { state, content, clock } = this.#options;
    const { evaluate } = identity.engines;
    const subject = this.#result(id);
    const dispute = disputeOf(state, id, challenge);
    if (evaluate === null || subject === null || dispute === undefined) return;
    const { need, commit, input } = subject;
    const job = { skill: need.body.skill, engine: evaluate, action: 'evaluate', ...input } as const;
    const endsAt = clock.now() + state.params.juryFetchMs;
    const lastTryAt = state.committees.get(jurySubject(challenge, dispute.dispute.instance))?.halfAt ?? 0;
    this.#begin(need, hearingKey(challenge, identity.signer.did), job, this.#judgeMs(need), async (ended) => {
      if (dispute.class === 'unavailable') {
        const had = await canObtain(commit.outputs, content, { clock, endsAt });
        const found = had ? ({ verdict: 'pass', reasons: [] } as const) : NOT_HAD;
        return { kind: 'judgement', ...found, steps: [] };
      }
      const judgement = judgementOf(ended);
      if (judgement.verdict === 'undecidable' && state.time < lastTryAt) return this.#again(AGAIN_MS);
      return { kind: 'judgement', ...judgement, steps: [] };
    });
  }

  /** Looks as its requester at a result that others passed. It fails only if it does not pass; who cannot tell leaves it. */
  review(identity: Identity, id: CommitId): void {
    const { evaluate } = identity.engines;
    const subject = this.#result(id);
    if (evaluate === null || subject === null) return;
    const { need, input } = subject;
    const job = { skill: need.body.skill, engine: evaluate, action: 'evaluate', ...input } as const;
    this.#begin(need, reviewKey(id, identity.signer.did), job, this.#judgeMs(need), async (ended) => {
      const { verdict, reasons } = judgementOf(ended);
      if (verdict === 'fail') return { kind: 'failure', reason: `the result does not pass: ${reasons.join('; ')}` };
      return { kind: 'judgement', verdict, reasons, steps: [] };
    });
  }

  /** Some time later. */
  #again(ms: number): Promise<'again'> {
    return new Promise((resolve) => this.#options.clock.schedule(ms, () => resolve('again')));
  }

  inspect(identity: Identity, id: CommitId): void {
    const { content, crypto } = this.#options;
    const { inspect } = identity.engines;
    const subject = this.#result(id);
    if (inspect === null || subject === null) return;
    const { need, commit, input } = subject;
    const job = { skill: need.body.skill, engine: inspect, action: 'inspect', ...input } as const;
    this.#begin(need, inspectionKey(id, identity.signer.did), job, need.body.windows.leaseMs, async (ended) => {
      if (ended instanceof SkillError || ended.action !== 'inspect') return null;
      if (ended.finding === null) {
        const evidence = await policyViolation(commit, need, this.#fetching(INSPECT_MS), crypto.sha256);
        return evidence === null ? null : { kind: 'finding', finding: POLICY_VIOLATION, evidence };
      }
      const blocks = await findingBlocks(ended.finding, need, commit, content, crypto.sha256);
      const evidence = { envelopes: [], blocks: [...blocks].map(([cid, bytes]) => ({ cid, bytes })) };
      return { kind: 'finding', finding: ended.finding, evidence };
    });
  }

  /** Has the planner of a key divide a need. What is no plan of it, or costs more than is left, is told to the owner and not said. */
  divide(identity: Identity, need: Need, round: number): void {
    const { state } = this.#options;
    const { divides, signer } = identity;
    const { plan, windows, priceCap } = need.body;
    if (divides === null || plan === null) return;
    const division = {
      parts: plan.parts.map(({ skill, acceptance }) => ({ skill, acceptance })),
      tasksMax: tasksMax(state, need),
      done: doneTasks(need).map(({ task, part, goal }) => ({ task, part, goal })),
      budget: need.pricePool,
    };
    const timeMs = Math.max(state.params.bidMs, windows.bidMs);
    const task = taskOf(need, need.attempt + 1, { price: priceCap, timeMs });
    const job = { skill: need.body.skill, engine: divides.engine, action: 'divide', task, division } as const;
    // One that comes too late for this round is ended late all the same: it is as good as begun for the next.
    const deadlineMs = timeMs + Math.max(state.params.answerMs, windows.answerMs);
    this.#begin(need, divisionKey(need.id, round, signer.did), job, deadlineMs, async (ended) => {
      if (ended instanceof SkillError) return { kind: 'failure', reason: `${ended.code}: ${ended.message}` };
      if (ended.action !== 'divide' || ended.tasks === null) return null;
      const { tasks } = ended;
      const patch = tasks.map((one) => ({ ...one, assignee: null, acceptance: null }));
      const read = readPatch(planBaseOf(state, need), need.planVersion, patch);
      if (typeof read === 'string') return { kind: 'failure', reason: `it is no plan: ${read}` };
      if (read.length < 2) return null;
      const prices = tasks.reduce((sum, { price }) => sum + price, 0);
      if (prices > need.pricePool)
        return { kind: 'failure', reason: `its tasks cost ${prices}, and ${need.pricePool} is left` };
      const etaMs = Math.min(need.body.deadlineMs, stepsOf(read) * Math.max(state.params.leaseMs, windows.leaseMs));
      return { kind: 'division', tasks, etaMs };
    });
  }

  /**
   * Runs the example that a need names, as the seat would judge a result. It fails only if the example does not pass; a need without
   * one, or one that cannot be read in time, is taken as it is.
   */
  rehearse(identity: Identity, need: Need): void {
    const { view, desk, content } = this.#options;
    const { evaluate } = identity.engines;
    const key = rehearsalKey(need.id, identity.signer.did);
    view.noteWork(need.id, key, 'running');
    const terms = { price: 0, timeMs: this.#judgeMs(need) };
    const rehearsal = evaluate === null ? Promise.resolve(null) : exampleOf(need, evaluate, terms, content);
    rehearsal.then(
      (example) => {
        if (example === null) return desk.skip(need.id, key);
        if ('unfit' in example) return desk.skip(need.id, key, example.unfit);
        desk.start(need.id, key, example, need.body.windows.bidMs + Math.ceil(terms.timeMs / 2), async (ended) => {
          const { verdict, reasons } = judgementOf(ended);
          if (verdict === 'fail')
            return { kind: 'failure', reason: `the example does not pass: ${reasons.join('; ')}` };
          return { kind: 'rehearsal' };
        });
      },
      () => desk.skip(need.id, key),
    );
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

  /** What a result states, for the policy; null where there is none, and where nobody can prove it. Rejects where a block lacks. */
  async #stated(need: Need, outputs: readonly ArtifactRef[], ms: number): Promise<Stated | null> {
    const { state, crypto } = this.#options;
    if (state.policy === null && need.body.policy === undefined) return null;
    return (await statedResult(need, outputs, this.#fetching(ms), crypto.sha256))?.stated ?? null;
  }

  /** Gives blocks until so many ms from now. */
  #fetching(ms: number): (cid: Cid) => Promise<Uint8Array> {
    const { content, clock } = this.#options;
    const endsAt = clock.now() + ms;
    return (cid) =>
      content.get(cid, { deadlineMs: Math.max(1, Math.ceil(endsAt - clock.now())), maxBytes: BLOCK_BYTES_MAX });
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
}

/** Whether the work is done on what the need was posted with, as it was when no task of a plan came before it. */
const isAsPosted = ({ inputs, body }: Need): boolean =>
  inputs.length === body.inputs.length && inputs.every(({ cid }, index) => cid === body.inputs[index]?.cid);

/** What a juror finds where bytes were not had in time. */
const NOT_HAD = { verdict: 'fail', reasons: ['its bytes cannot be had'] } as const;

/** How many tasks of a plan come after one another at most; the plan is in order. */
function stepsOf(tasks: readonly PatchTask[]): number {
  const steps = new Map<string, number>();
  for (const { task, after } of tasks) steps.set(task, 1 + Math.max(0, ...after.map((name) => steps.get(name) ?? 0)));
  return Math.max(0, ...steps.values());
}

const taskOf = (need: Need, attempt: number, terms: Pick<TaskInput, 'price' | 'timeMs'>): TaskInput => {
  const { skill, goal, acceptance } = need.body;
  return { need: need.id, skill, goal, inputs: need.inputs, acceptance, attempt, ...terms };
};
