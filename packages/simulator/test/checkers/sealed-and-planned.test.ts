import type { State } from '@canswarm/kernel';
import { bidSeal, capSeal, type Did, type NeedId, type ProposeBody, voteSeal, wholeTask } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { auctions } from '../../src/checkers/auctions.ts';
import type { Checker, Fault, Property } from '../../src/checkers/checker.ts';
import { plans } from '../../src/checkers/plans.ts';
import { sealedVotes } from '../../src/checkers/sealed-votes.ts';
import { sha256 } from '../support.ts';
import { broken, genesis, type Said } from './story.ts';

const dids = genesis.members.map(({ did }) => did);
const [v1, v2] = [dids[0] as Did, dids[1] as Did];
/** Of the organisation of the first. */
const sibling = dids[12] as Did;
const ID = 'bafyreigdzhoekvvai4rrtxffoqwbyuvpycdptlqydvbeawf2f4hlnmlr6m';
const SALT = new Uint8Array(32).fill(7);
const need = (body: object = {}): Said => ({
  verb: 'NEED',
  id: ID,
  from: v1,
  body: { tier: 4, plan: null, auction: 'open', capSeal: null, priceCap: 1_000, ...body },
});

describe('of sealed votes a checker finds', () => {
  const committed: Said = { events: [{ type: 'committed', need: ID, attempt: 1, commit: ID, worker: 'w' }] };
  const ballot = { commit: ID, ballot: 1, draw: 0 };
  const vote = {
    verb: 'ATTEST',
    from: v1,
    body: { ...ballot, steps: Array(4).fill(SALT), salt: SALT, policyDigest: null },
  } as const;
  const seal = { verb: 'SEAL', from: v1, body: { ...ballot, seal: voteSeal(v1, vote as never, sha256) } } as const;
  const certify = (...votes: readonly object[]): Said => ({ verb: 'CERTIFY', body: { commit: ID }, votes });
  const find = (...said: readonly Said[]) => broken((fault) => sealedVotes(fault, sha256), need(), committed, ...said);

  it('a vote that was never sealed, one that was sealed otherwise, and a seal after a vote', () => {
    expect(find(certify(vote))).toEqual(['P17']);
    expect(find(certify({ ...seal, body: { ...seal.body, seal: SALT } }), certify(vote))).toEqual(['P17']);
    expect(find(certify(seal), certify(vote), certify({ ...seal, from: v2 }))).toEqual(['P17']);
    expect(find(certify(seal, vote))).toEqual(['P17']);
  });

  it('nothing where each opens what it sealed', () => {
    expect(find(certify(seal), certify(vote))).toEqual([]);
  });
});

describe('of auctions a checker finds', () => {
  const make = (fault: Fault): Checker => auctions(fault, genesis, sha256);
  const bid = (from: Did, price: number, outbids: string | null = null, salt: Uint8Array | null = null) => ({
    verb: 'PROPOSE',
    from,
    body: {
      need: ID,
      round: 1,
      base: 0,
      price,
      etaMs: 1,
      planner: null,
      outbids,
      salt,
      patch: [wholeTask(from, price)],
    },
  });
  const decided = (
    adopted: readonly { readonly id: string; readonly worker: string }[],
    shown: Partial<Said>,
  ): Said => ({
    verb: 'DECIDE',
    events: [{ type: 'need_decided', need: ID, round: 1, winner: 'a', runnersUp: adopted.length - 1 }],
    makes: (state: State) => {
      state.needs.set(ID as NeedId, { lease: null, runnersUp: adopted } as never);
    },
    ...shown,
  });
  const alone = [{ id: 'a', worker: v2 }];

  it('two bids of one organisation, an improvement that is too small, and too many turns', () => {
    const both = [
      { id: 'a', worker: v1 },
      { id: 'b', worker: sibling },
    ];
    expect(broken(make, need(), decided(both, { votes: [bid(v1, 5), bid(sibling, 6)], ids: ['a', 'b'] }))).toEqual([
      'P18',
    ]);
    const votes = [bid(v2, 999, 'b'), bid(v1, 1_000)];
    expect(broken(make, need(), decided(alone, { votes, ids: ['a', 'b'] }))).toEqual(['P18']);
    const ids = ['a', ...Array.from({ length: genesis.params.bidTurns }, (_, turn) => `t${turn}`)];
    const chain = ids.map((_, turn) => bid(v2, 10 ** turn, ids[turn + 1] ?? null));
    expect(broken(make, need(), decided(alone, { votes: chain, ids }))).toEqual(['P18']);
    expect(broken(make, need(), decided(alone, { votes: chain.slice(1), ids: ['a', ...ids.slice(2)] }))).toEqual([]);
  });

  it('in a sealed one a bid that is not as it was sealed, and a price or a cap above what was', () => {
    const sealed = need({ auction: 'sealed', capSeal: capSeal(v1, 500, SALT, sha256) });
    const own = bid(v2, 400, null, SALT);
    const seal = {
      verb: 'SEAL_BID',
      from: v2,
      body: { seal: bidSeal(v2, own.body as unknown as ProposeBody, sha256) },
    };
    const open = (cap: number) => ({ verb: 'OPEN_CAP', from: v1, body: { need: ID, cap, salt: SALT } });
    const opened = (cap: number, ...votes: readonly object[]): Said => {
      const said = decided(alone, { votes: [...votes, open(cap)], ids: ['a'] });
      return { ...said, events: [...(said.events ?? []), { type: 'cap_opened', need: ID, cap, refund: 0 }] };
    };
    const find = (...said: readonly Said[]): readonly Property[] => broken(make, sealed, ...said);
    expect(find(opened(500, own, seal))).toEqual([]);
    expect(find(opened(500, own, { ...seal, body: { seal: SALT } }))).toEqual(['P19']);
    expect(find(opened(900, own, seal))).toEqual(['P19']);
    expect(find(opened(300, own, seal))).toEqual(['P19']);
  });
});

describe('of plans a checker finds', () => {
  const make = (fault: Fault): Checker => plans(fault, sha256);
  const task = { ...wholeTask(v2, 5), after: ['half'] };
  const patch = [{ ...wholeTask(v1, 4), task: 'half', part: 0 }, task];
  const held = (status: string) => (state: State) => {
    const tasks = [{ ...task, need: ID, status }];
    state.needs.set(ID as NeedId, { plan: { tasks } } as never);
  };
  const adopted = (makes: (state: State) => void, said: readonly object[] = [task]): Said => ({
    verb: 'DECIDE',
    body: { need: ID, round: 1 },
    votes: [{ verb: 'PROPOSE', from: v1, body: { patch: said } }],
    ids: ['a'],
    events: [{ type: 'plan_adopted', need: ID, version: 1, bid: 'a', planner: v1, tasks: 1 }],
    makes,
  });
  const done = (makes: (state: State) => void): Said => ({
    events: [{ type: 'task_done', need: ID, root: ID, task: 'main' }],
    makes,
  });

  it('a task that is not there, one whose state is another, and one that nobody planned', () => {
    expect(broken(make, adopted(held('waiting')))).toEqual([]);
    expect(broken(make, adopted(held('waiting')), done(held('done')))).toEqual([]);
    expect(broken(make, adopted(held('waiting')), done(held('open')))).toEqual(['P16']);
    expect(broken(make, adopted(held('waiting'), patch))).toEqual(['P16']);
    expect(broken(make, done(held('done')))).toEqual(['P16']);
    expect(broken(make, { ...adopted(held('waiting')), ids: ['b'] })).toEqual(['P16']);
  });
});
