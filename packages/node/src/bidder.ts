import { divisionKey, type Need, type OwnDuty, type Rival, type State, scoreBid } from '@canswarm/kernel';
import type { Clock, RandomStream } from '@canswarm/ports';
import {
  bidSeal,
  type Crypto,
  type EnvelopeId,
  type Micro,
  type NeedId,
  type ProposeBody,
  type VerifiedEnvelope,
  wholeTask,
} from '@canswarm/protocol';
import type { Identity } from './identity.ts';
import type { NeedGate } from './need-gate.ts';
import type { Outbox, Said } from './outbox.ts';
import type { SkillDesk } from './skill-desk.ts';
import type { NegotiationView } from './view.ts';

export interface BidderOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly desk: SkillDesk;
  readonly outbox: Outbox;
  readonly needGate: NeedGate;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly salts: RandomStream;
}

type Bidding = Extract<OwnDuty, { type: 'bid' | 'open_bid' | 'open_cap' | 'improve' | 'plan' | 'propose_division' }>;

/** What keys of a node say in auctions. */
export class Bidder {
  readonly #options: BidderOptions;

  constructor(options: BidderOptions) {
    this.#options = options;
  }

  own(identity: Identity, need: Need, duty: Bidding): void {
    switch (duty.type) {
      case 'bid':
        return this.#bid(identity, need, duty.key);
      case 'open_bid':
        return this.#openBid(identity, duty);
      case 'open_cap':
        return this.#openCap(identity, duty);
      case 'improve':
        return this.#improve(identity, need, duty);
      case 'plan':
        return this.#plan(identity, need, duty);
      case 'propose_division':
        return this.#proposeDivision(identity, need, duty.key);
    }
  }

  #bid(identity: Identity, need: Need, key: string): void {
    const { view, clock } = this.#options;
    const offer = identity.offer?.(need) ?? null;
    view.noteSigned(need.id, key, clock.now());
    if (offer === null) return;
    if (need.body.auction === 'open') return this.#propose(identity, need, proposal(identity, need, offer, null));
    const { salts, crypto, outbox, needGate } = this.#options;
    const body = { ...proposal(identity, need, offer, null), salt: salts.bytes(32) };
    const seal = bidSeal(identity.signer.did, body, crypto.sha256);
    const said: Said = { verb: 'SEAL_BID', body: { need: need.id, round: need.round, seal } };
    const hides: Said = { verb: 'PROPOSE', body };
    const { signer } = identity;
    needGate.pass(signer.did, need, { said: hides }, () =>
      outbox.say({ signer, refs: [], said, thread: need.id, evidence: null, guard: key, hides }),
    );
  }

  /** Opens a bid as it was sealed; a node that did not keep it cannot. */
  #openBid(identity: Identity, { need, key, sealKey }: Extract<OwnDuty, { type: 'open_bid' }>): void {
    const said = this.#options.outbox.hidden(need, sealKey);
    if (said !== null) this.#show(identity, key, need, said);
  }

  #openCap(identity: Identity, { need, key }: Extract<OwnDuty, { type: 'open_cap' }>): void {
    const said = this.#options.outbox.cap(need);
    if (said !== null) this.#show(identity, key, need, said);
  }

  /** Outdoes the best bid that it can by the least step, down to its floor. */
  #improve(identity: Identity, need: Need, { key, rivals }: { key: string; rivals: readonly Rival[] }): void {
    const { state, view, clock } = this.#options;
    const worker = identity.signer.did;
    const offer = identity.offer?.(need) ?? null;
    view.noteSigned(need.id, key, clock.now());
    if (offer === null) return;
    const { price: asked, floor, etaMs } = offer;
    const rival = rivals.find(({ atMost, score }) => {
      const price = Math.min(asked, atMost);
      return price >= floor && scoreBid(state, need, { price, etaMs, worker }) > score;
    });
    if (rival === undefined) return;
    const bid = { price: Math.min(asked, rival.atMost), etaMs };
    this.#propose(identity, need, proposal(identity, need, bid, rival.id));
  }

  #propose({ signer }: Identity, need: Need, body: ProposeBody): void {
    const { outbox, needGate } = this.#options;
    const said: Said = { verb: 'PROPOSE', body };
    needGate.pass(signer.did, need, { said }, () =>
      outbox.say({ signer, refs: [], said, thread: need.id, evidence: null, guard: null }),
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
    const patch = [wholeTask(payload.from, payload.body.price, duty.acceptance.id)];
    const { id, round, planVersion: base } = need;
    const about = { need: id, round, base, price, etaMs, planner: identity.signer.did };
    this.#propose(identity, need, { ...about, outbids: null, salt: null, patch });
  }

  /** Bids with the plan that this key's planner made: its tasks are open to CLAIM, what is beyond their prices is its share. */
  #proposeDivision(identity: Identity, need: Need, key: string): void {
    const { view, clock, desk } = this.#options;
    const { id, round, planVersion: base, pricePool } = need;
    const { signer } = identity;
    view.noteSigned(id, key, clock.now());
    const made = desk.made(divisionKey(id, round, signer.did));
    if (made?.kind !== 'division') return;
    const prices = made.tasks.reduce((sum, { price }) => sum + price, 0);
    const price = Math.min(prices + (identity.share?.(need, prices) ?? 0), pricePool);
    const patch = made.tasks.map((task) => ({ ...task, assignee: null, acceptance: null }));
    const about = { need: id, round, base, price, etaMs: made.etaMs, planner: signer.did };
    this.#propose(identity, need, { ...about, outbids: null, salt: null, patch });
  }

  /** Says what was sealed; kept, so that it is said again after a restart. */
  #show(identity: Identity, key: string, need: NeedId, said: Said): void {
    const { view, clock, outbox } = this.#options;
    view.noteSigned(need, key, clock.now());
    outbox.say({ signer: identity.signer, refs: [], said, thread: need, evidence: null, guard: key });
  }
}

/** What a worker asks for. */
interface Offered {
  readonly price: Micro;
  readonly etaMs: number;
}

function proposal(
  { signer, planner }: Identity,
  { id: need, round, planVersion: base }: Need,
  { price, etaMs }: Offered,
  outbids: EnvelopeId | null,
): ProposeBody {
  const patch = [wholeTask(signer.did, price)];
  return { need, round, base, price, etaMs, planner, outbids, salt: null, patch };
}
