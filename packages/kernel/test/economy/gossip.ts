import type { EnvelopeId, NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import type { View, WorkState } from '../../src/duties/duty.ts';

/** What everybody hears, at once: gossip that loses nothing. What keys did themselves is named by them, so that one view serves all. */
export class Gossip implements View {
  readonly #bids = new Map<string, VerifiedEnvelope[]>();
  readonly #bidsAt = new Map<EnvelopeId, number>();
  readonly #votes = new Map<string, VerifiedEnvelope[]>();
  readonly #signed = new Map<string, number>();
  readonly #works = new Map<string, WorkState>();

  /** A key did what a duty names. */
  sign(key: string, now: number): void {
    this.#signed.set(key, now);
  }

  finish(key: string): void {
    this.#works.set(key, 'done');
  }

  hearBid(need: NeedId, round: number, bid: VerifiedEnvelope, now: number): void {
    const place = `${need}/${round}`;
    this.#bids.set(place, [...(this.#bids.get(place) ?? []), bid]);
    this.#bidsAt.set(bid.id, now);
  }

  hearVote(target: string, vote: VerifiedEnvelope): void {
    this.#votes.set(target, [...(this.#votes.get(target) ?? []), vote]);
  }

  proposals(need: NeedId, round: number): readonly VerifiedEnvelope[] {
    return this.#bids.get(`${need}/${round}`) ?? [];
  }

  bidHeardAt(_need: NeedId, id: EnvelopeId): number {
    return this.#bidsAt.get(id) ?? 0;
  }

  /** Its auctions are open. */
  bidSeals(): readonly [] {
    return [];
  }

  capOpening(): null {
    return null;
  }

  votes(_need: NeedId, target: string): readonly VerifiedEnvelope[] {
    return this.#votes.get(target) ?? [];
  }

  doubles(): readonly [] {
    return [];
  }

  alternates(): readonly [] {
    return [];
  }

  misses(): readonly [] {
    return [];
  }

  reports(): readonly [] {
    return [];
  }

  reported(): { timeAt: number; revealAt: number } {
    return { timeAt: 0, revealAt: -1 };
  }

  tickedAt(): number {
    return 0;
  }

  aliveAt(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  signedAt(_need: NeedId, key: string): number | null {
    return this.#signed.get(key) ?? null;
  }

  opens(): boolean {
    return false;
  }

  work(_need: NeedId, key: string): WorkState {
    return this.#works.get(key) ?? 'none';
  }
}
