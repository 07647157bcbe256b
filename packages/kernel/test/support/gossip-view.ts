import type { Cid, Did, EnvelopeId, NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import type { View, WorkState } from '../../src/duties/duty.ts';

/** A view of whatever a test hands in: what was heard, and what this node did itself. */
export class GossipView implements View {
  readonly heard: VerifiedEnvelope[] = [];
  readonly signed = new Map<string, number>();
  readonly works = new Map<string, WorkState>();
  /** Seals, hex, that this node can open. */
  readonly seals = new Set<string>();
  readonly bidsAt = new Map<EnvelopeId, number>();
  alive = 0;
  ticked = 0;
  last = { timeAt: 0, revealAt: -1 };

  hear(...envelopes: readonly VerifiedEnvelope[]): this {
    this.heard.push(...envelopes);
    return this;
  }

  proposals(need: NeedId, round: number): readonly VerifiedEnvelope[] {
    return this.heard.filter(
      ({ payload }) => payload.verb === 'PROPOSE' && payload.body.need === need && payload.body.round === round,
    );
  }

  bidHeardAt(_need: NeedId, id: EnvelopeId): number {
    return this.bidsAt.get(id) ?? 0;
  }

  bidSeals(need: NeedId, round: number): readonly VerifiedEnvelope[] {
    return this.heard.filter(
      ({ payload }) => payload.verb === 'SEAL_BID' && payload.body.need === need && payload.body.round === round,
    );
  }

  capOpening(need: NeedId): VerifiedEnvelope | null {
    return this.heard.find(({ payload }) => payload.verb === 'OPEN_CAP' && payload.body.need === need) ?? null;
  }

  votes(_need: NeedId, target: Cid): readonly VerifiedEnvelope[] {
    return this.heard.filter(({ payload }) => {
      if (payload.verb === 'ATTEST_PLAN') return payload.body.need === target;
      if (payload.verb === 'JUDGE') return payload.body.challenge === (target as string);
      return (payload.verb === 'ATTEST' || payload.verb === 'REJECT') && payload.body.commit === target;
    });
  }

  doubles(need: NeedId, target: Cid): readonly (readonly [VerifiedEnvelope, VerifiedEnvelope])[] {
    const votes = this.votes(need, target);
    return votes.flatMap((vote, index) => {
      const before = votes.slice(0, index).find(({ payload }) => payload.from === vote.payload.from);
      return before === undefined ? [] : [[before, vote] as const];
    });
  }

  misses(need: NeedId, attempt: number): readonly VerifiedEnvelope[] {
    return this.heard.filter(
      ({ payload }) => payload.verb === 'MISS' && payload.body.need === need && payload.body.attempt === attempt,
    );
  }

  alternates(need: NeedId): readonly VerifiedEnvelope[] {
    return this.heard.filter(({ payload }) => payload.verb === 'ALTERNATE' && payload.body.need === need);
  }

  reports(): Iterable<VerifiedEnvelope> {
    const latest = new Map<Did, VerifiedEnvelope>();
    for (const envelope of this.heard)
      if (envelope.payload.verb === 'REPORT') latest.set(envelope.payload.from, envelope);
    return latest.values();
  }

  reported(): { timeAt: number; revealAt: number } {
    return this.last;
  }

  tickedAt(): number {
    return this.ticked;
  }

  aliveAt(): number {
    return this.alive;
  }

  signedAt(_need: NeedId, key: string): number | null {
    return this.signed.get(key) ?? null;
  }

  opens(_need: NeedId, seal: string): boolean {
    return this.seals.has(seal);
  }

  work(_need: NeedId, key: string): WorkState {
    return this.works.get(key) ?? 'none';
  }
}
