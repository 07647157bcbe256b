import { HEALED_PER_NEED_MAX, type Need, planSubject, type State } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import { memoryMeter } from '@canswarm/memory';
import {
  type Did,
  type EnvelopeId,
  type NeedId,
  presetParams,
  type VerifiedEnvelope,
  wholeTask,
} from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { BidMemory } from '../src/bid-memory.ts';
import { PolicyGates } from '../src/policy-gates.ts';
import { NegotiationView } from '../src/view.ts';

const NEED = 'need' as NeedId;
const head = { incarnation: 1, position: 0, digest: new Uint8Array(32) };

/** A view of one need in its first round, of which every key has a plan seat and the bond free. */
function negotiated() {
  const scoring = { priceBps: 10_000, etaBps: 0, reputationBps: 0 };
  const need = {
    id: NEED,
    phase: 'bidding',
    round: 1,
    level: 1,
    pricePool: 1_000,
    standings: null,
    failed: new Set<string>(),
    alternates: [] as { worker: string }[],
    body: { priceCap: 1000, seatFee: 1, trial: null, scoring, deadlineMs: 60_000, auction: 'open' },
  };
  const seats: { did: string; status: string; ballot: number; draw: number }[] = [];
  const state = {
    incarnation: 1,
    position: 0,
    policy: null,
    digests: { first: 0, values: [head.digest] },
    params: presetParams('dev'),
    needs: new Map([[NEED, need as unknown as Need]]),
    committees: new Map([[planSubject(NEED, 1), { seats }]]),
    members: { get: () => undefined },
    accounts: { get: () => 1e9 },
    delegations: new Map(),
  } as unknown as State;
  const gates = new PolicyGates(memoryMeter(), new BidMemory());
  const view = new NegotiationView({ opens: () => false }, sodiumCrypto().sha256, gates);
  let made = 0;
  const say = (from: string, verb: string, body: object): string | null => {
    made += 1;
    const payload = { verb, from, thread: NEED, head, lamport: made, body: { need: NEED, ...body } };
    const id = `${from}/${verb}/${'round' in body ? body.round : made}`;
    return view.add({ id, payload } as unknown as VerifiedEnvelope, state, 0);
  };
  return {
    need,
    bid: (from: string) => {
      const about = { round: need.round, price: 1, etaMs: 1, planner: null, salt: null };
      return say(from, 'PROPOSE', { ...about, patch: [wholeTask(from as Did, 1)] });
    },
    choose: (worker: string, seat = `seat of ${worker}`) => {
      seats.push({ did: seat, status: 'seated', ballot: 0, draw: 0 });
      const about = { round: need.round, ballot: 0, draw: 0, bidsSeen: [] };
      return say(seat, 'ATTEST_PLAN', { ...about, winner: bidOf(worker) });
    },
    alternate: (from: string, bid: EnvelopeId = bidOf(from)) => say(from, 'ALTERNATE', { bid, outputs: [] }),
    given: () => [...view.held(state)].flatMap(({ envelopes }) => [...envelopes].map(({ id }) => id)),
    versions: () => [...view.held(state)].map(({ version }) => version),
    kept: () => view.alternates(NEED).map(({ payload }) => payload.from),
  };
}

const bidOf = (worker: string) => `${worker}/PROPOSE/1` as EnvelopeId;

it('an alternate is kept of a worker whose own bid a seat chose, and one of a key', () => {
  const { bid, choose, alternate, kept } = negotiated();
  expect(alternate('ada')).toBe('bid_unfit');
  expect([bid('ada'), alternate('ada')]).toEqual([null, 'bid_unfit']);
  expect([choose('ada'), alternate('ada'), alternate('ada')]).toEqual([null, null, 'older']);
  expect(kept()).toEqual(['ada']);
});

it('a flood of alternates by the bid of another fills nothing', () => {
  const { bid, choose, alternate, kept } = negotiated();
  expect([bid('ada'), choose('ada')]).toEqual([null, null]);
  for (let key = 0; key < 1_000; key += 1) expect(alternate(`flood-${key}`, bidOf('ada'))).toBe('bid_unfit');
  expect(alternate('ada')).toBeNull();
  expect(kept()).toEqual(['ada']);
});

it('of keys whose bids were all chosen those that came first are kept, as many as the law keeps', () => {
  const { bid, choose, alternate, kept } = negotiated();
  const keys = Array.from({ length: 3 * HEALED_PER_NEED_MAX }, (_, index) => `key-${index}`);
  for (const key of keys) expect([bid(key), choose(key)]).toEqual([null, null]);
  const said = keys.map((key) => alternate(key));
  expect(said.slice(0, HEALED_PER_NEED_MAX).every((code) => code === null)).toBe(true);
  expect(new Set(said.slice(HEALED_PER_NEED_MAX))).toEqual(new Set(['alternates_full']));
  expect(kept()).toEqual(keys.slice(0, HEALED_PER_NEED_MAX));
});

it('what the log keeps, refuses or can no longer judge leaves its room to others', () => {
  const { need, bid, choose, alternate, kept } = negotiated();
  const keys = Array.from({ length: HEALED_PER_NEED_MAX + 2 }, (_, index) => `key-${index}`);
  for (const key of keys) expect([bid(key), choose(key)]).toEqual([null, null]);
  for (const key of keys.slice(0, HEALED_PER_NEED_MAX)) expect(alternate(key)).toBeNull();
  need.alternates.push({ worker: 'key-0' });
  need.failed.add('key-1');
  expect([alternate('key-0'), alternate('key-8'), alternate('key-9')]).toEqual(['bid_unfit', null, null]);
  expect(kept()).toEqual(keys.slice(2));
  // A bid of the next round takes the place of all bids before.
  need.round = 2;
  expect(bid('ada')).toBeNull();
  expect(alternate('key-2')).toBe('bid_unfit');
});

it('others are given bids and votes on plans of the present round only, and what is given has another version then', () => {
  const { need, bid, choose, alternate, given, versions } = negotiated();
  expect([bid('ada'), choose('ada'), alternate('ada')]).toEqual([null, null, null]);
  expect(given()).toEqual(['ada/PROPOSE/1', 'seat of ada/ATTEST_PLAN/1', 'ada/ALTERNATE/3']);
  const before = versions();
  need.phase = 'leased';
  expect(given()).toEqual(['ada/ALTERNATE/3']);
  expect(versions()).not.toEqual(before);
  Object.assign(need, { phase: 'bidding', round: 2 });
  expect(given()).toEqual(['ada/ALTERNATE/3']);
  expect(bid('bob')).toBeNull();
  expect(given()).toEqual(['bob/PROPOSE/2', 'ada/ALTERNATE/3']);
});
