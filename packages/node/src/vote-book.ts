import {
  type Cid,
  encodeBody,
  equalBytes,
  type Payload,
  type PayloadOf,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import type { DropCode } from './admission.ts';

/** What a seat says of a plan, a result or a challenge: that its vote is made, or the vote. */
type Word =
  | PayloadOf<'ATTEST_PLAN'>
  | PayloadOf<'JUDGE'>
  | PayloadOf<'SEAL'>
  | PayloadOf<'ATTEST'>
  | PayloadOf<'REJECT'>;
/** Two different votes of one seat, the first that came before the other. */
type Double = readonly [VerifiedEnvelope, VerifiedEnvelope];

const NONE: readonly never[] = [];

/**
 * The votes of one need, one for each seat, and the first other one that a seat signed. A list that was given never changes: while nothing new is
 * said of a target it is the same list.
 *
 * Invariant: only what a drawn seat says of its own draw is added, so seats bound all of it.
 */
export class VoteBook {
  readonly #bySeat = new Map<string, VerifiedEnvelope>();
  readonly #doubles = new Map<string, Double>();
  readonly #byTarget = new Map<string, readonly VerifiedEnvelope[]>();

  /** The first counts: a seat has one vote, and one seal of it. Returns why it is not kept, or null. */
  add(envelope: VerifiedEnvelope): DropCode | null {
    const { payload } = envelope;
    if (!isWord(payload)) return 'not_negotiation';
    const { ballot, draw } = payload.body;
    const seat = `${payload.verb === 'SEAL' ? 'seal/' : ''}${subjectOf(payload)}/${ballot}/${draw}/${payload.from}`;
    const before = this.#bySeat.get(seat);
    if (before !== undefined) {
      if (this.#doubles.has(seat) || saysSame(before.payload, payload)) return 'older';
      // Two votes of one seat: kept, and passed on, since they prove its fault.
      this.#doubles.set(seat, [before, envelope]);
      return null;
    }
    this.#bySeat.set(seat, envelope);
    const target = targetOf(payload);
    this.#byTarget.set(target, [...(this.#byTarget.get(target) ?? NONE), envelope]);
    return null;
  }

  /** ATTEST_PLAN for a need; JUDGE for a challenge; SEAL, ATTEST and REJECT for a commit. */
  about(target: Cid): readonly VerifiedEnvelope[] {
    return this.#byTarget.get(target) ?? NONE;
  }

  doublesAbout(target: Cid): readonly Double[] {
    if (this.#doubles.size === 0) return NONE;
    return [...this.#doubles.values()].filter(([{ payload }]) => isWord(payload) && targetOf(payload) === target);
  }

  /** All of them in the order in which they came, then the second votes of seats. */
  *all(): Iterable<VerifiedEnvelope> {
    yield* this.#bySeat.values();
    for (const [, second] of this.#doubles.values()) yield second;
  }

  /** Those of seats, one each. */
  firsts(): Iterable<VerifiedEnvelope> {
    return this.#bySeat.values();
  }
}

const WORDS: ReadonlySet<Payload['verb']> = new Set(['ATTEST_PLAN', 'JUDGE', 'SEAL', 'ATTEST', 'REJECT']);

const isWord = (payload: Payload): payload is Word => WORDS.has(payload.verb);

function targetOf(payload: Word): string {
  if (payload.verb === 'ATTEST_PLAN') return payload.body.need;
  return payload.verb === 'JUDGE' ? payload.body.challenge : payload.body.commit;
}

function subjectOf(payload: Word): string {
  if (payload.verb === 'ATTEST_PLAN') return `plan/${payload.body.round}`;
  if (payload.verb === 'JUDGE') return `jury/${payload.body.challenge}/${payload.body.instance}`;
  return `result/${payload.body.commit}`;
}

const saysSame = (a: Payload, b: Payload): boolean => a.verb === b.verb && equalBytes(encodeBody(a), encodeBody(b));
