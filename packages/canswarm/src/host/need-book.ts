import type { NeedStage } from '@canswarm/agent';
import type { AccountId, KernelEvent, State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { ArtifactRef, ChallengeClass, Cid, CommitId, Did, EnvelopeId, NeedBody, NeedId } from '@canswarm/protocol';
import type { BriefEvent } from '../brief/events.ts';
import { bidsIn, votesIn } from '../need/said.ts';
import { type PlanRecord, planRecord, type TaskRow } from './plan-book.ts';

/** One line of a need's story: an entry that touched it, and where the need stood afterwards. */
export interface NeedEvent extends Extract<BriefEvent, { type: 'entry' }> {
  readonly stage: NeedStage;
}

/** What of a need changes. */
export interface NeedStanding {
  readonly stage: NeedStage;
  /** Who works or worked on it last. */
  readonly worker: Did | null;
  /** Why it ended, when it ended otherwise than final. */
  readonly reason: string | null;
  /** Position at which its last seat was paid; null before. */
  readonly settledAt: number | null;
}

/** A need as it was posted, without bytes that say nothing to anybody; of a sealed cap only that there is one. */
export type PostedNeed = Omit<NeedBody, 'capSeal' | 'mark'> & { readonly capSealed: boolean };

/** What the log says of one need, up to its end and beyond. */
export interface NeedRecord extends NeedStanding {
  readonly id: NeedId;
  readonly requester: Did;
  readonly body: PostedNeed;
  /** Position of its entry. */
  readonly position: number;
  /** Log time at which it was posted, ms. */
  readonly postedAt: number;
  /** Outputs of the final commit. */
  readonly outputs: readonly ArtifactRef[] | null;
  /** The tasks that its work is divided into; null: it is done whole. */
  readonly plan: PlanRecord | null;
}

/** An entry of a need's story, and where it left the need. */
export interface StoryLine {
  readonly event: NeedEvent;
  readonly after: NeedStanding;
}

/** Needs whose stories are kept; the oldest ended one gives way. */
const NEEDS_MAX = 2_000;
/** Entries of one story. */
const LINES_MAX = 2_000;
/** The shortest end of an id that names something. */
const ID_CHARS_MIN = 4;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Page {
  readonly record: Mutable<NeedRecord>;
  /** Ascending by position. */
  readonly lines: StoryLine[];
  /** Position of the last entry that was left out of `lines`; 0 when none was. */
  lostUntil: number;
  readonly commits: Map<CommitId, readonly ArtifactRef[]>;
  readonly challenges: Map<EnvelopeId, KnownChallenge>;
  tasks: readonly TaskRow[];
  /** Every task that a plan of the need ever had, and what was committed for one: forgotten with the page. */
  readonly everTask: Set<NeedId>;
  readonly taskCommits: Set<CommitId>;
}

/** A seal that was laid against a need or a result of it. */
export interface KnownChallenge {
  readonly id: EnvelopeId;
  readonly need: NeedId;
  /** The need whose story tells of it: of a task of a plan the whole. */
  readonly story: NeedId;
  readonly subject: Cid;
  readonly class: ChallengeClass;
  readonly challenger: Did;
  /** Position of its seal. */
  readonly position: number;
}

/** Listens to one need. */
export type NeedListener = (event: NeedEvent) => void;

/**
 * The stories of the needs in a log, for commands that list and watch them. Built from applied entries alone, those of
 * earlier lives too, so it is the same after a restart.
 */
export class NeedBook {
  readonly #pages = new Map<NeedId, Page>();
  readonly #needOf = new Map<CommitId, NeedId>();
  readonly #challenged = new Map<EnvelopeId, NeedId>();
  /** Tasks of the plans that needs have. */
  readonly #rows = new Map<NeedId, TaskRow>();
  /** Whose plan a task is of. */
  readonly #roots = new Map<NeedId, NeedId>();
  readonly #listeners = new Map<NeedId, Set<NeedListener>>();
  readonly #nameOf: (did: Did) => string;

  /** @param nameOf what to call the holder of a key */
  constructor(nameOf: (did: Did) => string) {
    this.#nameOf = nameOf;
  }

  /** Newest first. */
  list(): readonly NeedRecord[] {
    return [...this.#pages.values()].map(({ record }) => record).reverse();
  }

  get(id: NeedId): NeedRecord | undefined {
    return this.#pages.get(id)?.record;
  }

  /** A challenge by the entry that laid its seal, or the end of that. */
  challenge(id: string): KnownChallenge | undefined {
    const whole = [...this.#challenged].filter(
      ([one]) => one === id || (id.length >= ID_CHARS_MIN && one.endsWith(id)),
    );
    const [found] = whole.length === 1 ? whole : [];
    return found === undefined ? undefined : this.#pages.get(this.#storyOf(found[1]))?.challenges.get(found[0]);
  }

  events(id: NeedId): readonly NeedEvent[] {
    return (this.#pages.get(id)?.lines ?? []).map(({ event }) => event);
  }

  /** Newest first, at most `limit`, only those posted before a position. */
  page(before: number, limit: number): readonly NeedRecord[] {
    return this.list()
      .filter(({ position }) => position < before)
      .slice(0, limit);
  }

  /** At most `limit` lines of a need's story after a position, and until where lines were left out. */
  story(
    id: NeedId,
    after: number,
    limit: number,
  ): { readonly lines: readonly StoryLine[]; readonly lostUntil: number } {
    const { lines, lostUntil } = this.#pages.get(id) ?? { lines: [], lostUntil: 0 };
    const next = lines.findLastIndex(({ event }) => event.position <= after) + 1;
    return { lines: lines.slice(next, next + limit), lostUntil };
  }

  /** Tells every entry that touches the need from now on. */
  listen(id: NeedId, listener: NeedListener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** Takes the next applied entry. `time` is the log time in ms. */
  take(applied: AppliedEntry, state: Pick<State, 'time' | 'needs'>): void {
    const { time } = state;
    const { payload, id } = applied.entry.envelope;
    if (payload.verb === 'NEED' && applied.outcome.accepted)
      this.#open(id as string as NeedId, payload.from, payload.body, applied.position, time);
    const touched = new Map<NeedId, KernelEvent[]>();
    if (payload.thread !== null && this.#pages.has(payload.thread)) touched.set(payload.thread, []);
    for (const event of applied.events) {
      const need = this.#needTouched(event) ?? (payload.verb === 'TICK' ? null : payload.thread);
      for (const story of this.#storiesOf(event, need)) {
        if (this.#pages.has(story)) touched.set(story, [...(touched.get(story) ?? []), event]);
      }
      if (event.type === 'committed' && payload.verb === 'COMMIT') {
        this.#needOf.set(event.commit, event.need);
        this.#pages.get(event.need)?.commits.set(event.commit, payload.body.outputs);
      }
      if (event.type === 'challenge_sealed' && need !== null)
        this.#noteChallenge({ ...event, id, need, story: this.#storyOf(need), position: applied.position });
    }
    for (const event of applied.events) this.#followTask(event, state);
    for (const [need, events] of touched) this.#write(need, applied, events, time);
  }

  /** In which stories an event stands: what moves between a need and a task of it is of both. */
  #storiesOf(event: KernelEvent, need: NeedId | null): readonly NeedId[] {
    if (need === null) return [];
    // What is said against a task's result stands in the story of the whole.
    if (isOfChallenge(event)) return [this.#storyOf(need)];
    const receiver = event.type === 'posting' ? needOfAccount(event.credit) : null;
    return receiver === null || receiver === need ? [need] : [need, receiver];
  }

  #noteChallenge({ id, need, story, subject, class: kind, challenger, position }: KnownChallenge): void {
    const page = this.#pages.get(story);
    if (page === undefined) return;
    this.#challenged.set(id, need);
    page.challenges.set(id, { id, need, story, subject, class: kind, challenger, position });
  }

  #storyOf(need: NeedId): NeedId {
    return this.#pages.has(need) ? need : (this.#roots.get(need) ?? need);
  }

  #open(
    id: NeedId,
    requester: Did,
    { capSeal, mark: _mark, ...body }: NeedBody,
    position: number,
    postedAt: number,
  ): void {
    const record = {
      id,
      requester,
      body: { ...body, capSealed: capSeal !== null },
      position,
      postedAt,
      stage: 'open',
      worker: null,
      reason: null,
      outputs: null,
      settledAt: null,
      plan: null,
    } as const;
    this.#pages.set(id, {
      record: { ...record },
      lines: [],
      lostUntil: 0,
      commits: new Map(),
      challenges: new Map(),
      tasks: [],
      everTask: new Set(),
      taskCommits: new Set(),
    });
    if (this.#pages.size <= NEEDS_MAX) return;
    for (const [old, page] of this.#pages) {
      if (page.record.settledAt === null) continue;
      for (const commit of [...page.commits.keys(), ...page.taskCommits]) this.#needOf.delete(commit);
      for (const challenge of page.challenges.keys()) this.#challenged.delete(challenge);
      for (const need of page.everTask) {
        this.#rows.delete(need);
        this.#roots.delete(need);
      }
      this.#pages.delete(old);
      return;
    }
  }

  /** Takes up the plan that an entry adopted, and how its tasks go on. */
  #followTask(event: KernelEvent, state: Pick<State, 'needs'>): void {
    const page = event.type === 'plan_adopted' ? this.#pages.get(event.need) : undefined;
    if (page !== undefined) {
      const plan = planRecord(state, page.record.id, page.tasks);
      page.record.plan = plan;
      page.tasks = plan?.tasks ?? [];
      for (const row of page.tasks) {
        this.#rows.set(row.need, row);
        this.#roots.set(row.need, page.record.id);
        page.everTask.add(row.need);
      }
      return;
    }
    if (event.type === 'committed' && this.#rows.has(event.need)) {
      this.#needOf.set(event.commit, event.need);
      this.#pages.get(this.#storyOf(event.need))?.taskCommits.add(event.commit);
    }
    const need = this.#needTouched(event);
    const row = need === null ? undefined : this.#rows.get(need);
    if (row === undefined) return;
    if (event.type === 'lease_granted') row.attempt = event.attempt;
    followStanding(row, event);
  }

  #write(
    id: NeedId,
    { position, entry, events: all, outcome }: AppliedEntry,
    events: readonly KernelEvent[],
    time: number,
  ): void {
    const page = this.#pages.get(id);
    if (page === undefined) return;
    const { record } = page;
    for (const event of events) follow(page, event, position);
    const { verb, from } = entry.envelope.payload;
    const told: NeedEvent = {
      type: 'entry',
      position,
      stage: record.stage,
      verb,
      from,
      role: this.#nameOf(from),
      accepted: outcome.accepted,
      code: outcome.accepted ? null : outcome.code,
      time,
      events,
      reasons: reasonsOf(entry, all),
      bids: bidsIn(entry.evidence.envelopes),
      votes: votesIn(entry.evidence.envelopes),
    };
    const { stage, worker, reason, settledAt } = record;
    page.lines.push({ event: told, after: { stage, worker, reason, settledAt } });
    if (page.lines.length > LINES_MAX) loseOne(page);
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener(told);
  }

  #needTouched(event: KernelEvent): NeedId | null {
    if (event.type === 'posting') return needOfAccount(event.debit) ?? needOfAccount(event.credit);
    if ('need' in event) return event.need;
    if ('commit' in event) return this.#needOf.get(event.commit) ?? null;
    if ('challenge' in event && !('subject' in event)) return this.#challenged.get(event.challenge) ?? null;
    if (!('subject' in event)) return null;
    const [kind, id = ''] = event.subject.split('/');
    if (kind === 'plan') return id as NeedId;
    if (kind === 'jury') return this.#challenged.get(id as EnvelopeId) ?? null;
    if (this.#pages.has(event.subject as NeedId)) return event.subject as NeedId;
    return this.#needOf.get((kind === 'result' ? id : event.subject) as CommitId) ?? null;
  }
}

/** Whether an event is about a challenge, or those who hear it. */
const isOfChallenge = (event: KernelEvent): boolean =>
  event.type.startsWith('challenge_') ||
  'challenge' in event ||
  ('subject' in event && event.subject.startsWith('jury/'));

/** Whose escrow, work bond or plan bond an account is; null for any other. */
function needOfAccount(account: AccountId): NeedId | null {
  const [kind, first = '', second = ''] = account.split('/');
  if (kind === 'escrow') return first as NeedId;
  return kind === 'bond' && (first === 'work' || first === 'plan') ? (second as NeedId) : null;
}

/** Why a holder gave up, or why seats did not pass a result. */
function reasonsOf({ envelope, evidence }: AppliedEntry['entry'], events: readonly KernelEvent[]): readonly string[] {
  if (envelope.payload.verb === 'YIELD') return [envelope.payload.body.reason];
  if (!events.some(({ type }) => type === 'certified')) return [];
  const votes = evidence.envelopes.flatMap(({ payload }) => (payload.verb === 'REJECT' ? payload.body.reasons : []));
  return [...new Set(votes)];
}

/** Leaves out the oldest entry that was rejected, since anybody may log those; else the oldest. */
function loseOne(page: Page): void {
  const rejected = page.lines.findIndex(({ event }) => !event.accepted);
  const [lost] = page.lines.splice(Math.max(0, rejected), 1);
  page.lostUntil = Math.max(page.lostUntil, lost?.event.position ?? 0);
}

/** What an event makes of a need's record. */
function follow({ record, commits }: Page, event: KernelEvent, position: number): void {
  if (event.type === 'need_settled') record.settledAt = position;
  if (event.type === 'finalized') record.outputs = commits.get(event.commit) ?? null;
  followStanding(record, event);
}

/** Where an event leaves a need, or a task. */
function followStanding(record: Mutable<Pick<NeedStanding, 'stage' | 'worker' | 'reason'>>, event: KernelEvent): void {
  switch (event.type) {
    case 'bidding_opened':
      record.stage = 'bidding';
      return;
    case 'bidding_closed':
      record.stage = 'choosing';
      return;
    case 'task_ready':
      record.stage = 'ready';
      return;
    case 'lease_granted':
      record.stage = 'working';
      record.worker = event.holder;
      return;
    case 'committed':
      record.stage = 'judging';
      return;
    case 'window_opened':
      record.stage = 'challengeable';
      return;
    case 'finalized':
      record.stage = 'final';
      record.worker = event.worker;
      return;
    case 'need_closed':
      if (record.stage !== 'final') record.stage = event.status;
      if (event.status !== 'closed' || event.reason !== 'final') record.reason = event.reason;
      return;
    default:
      return;
  }
}
