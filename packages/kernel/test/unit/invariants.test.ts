import type { Did } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { createState } from '../../src/genesis-state.ts';
import { CHECKERS, checkInvariants } from '../../src/invariants.ts';
import { transfer } from '../../src/ledger.ts';
import { needOf, promote } from '../../src/need-life.ts';
import { judgeTick } from '../../src/rules/tick.ts';
import type { State } from '../../src/state.ts';
import { Timers } from '../../src/timers.ts';
import { lay, schemaViolation } from '../support/accusation.ts';
import { sha256 } from '../support/keys.ts';
import { DIVISION, Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, REQUESTER, World } from '../world.ts';

/** A world in the middle of things: one need leased, one judged and challenged, one in bidding. */
function busy(): { world: World; leased: Story; judged: Story; bidding: Story; divided: Story } {
  const world = new World();
  const judged = new Story(world).hire([ADA]).deliver().judge('pass');
  lay(world, BYSTANDER, judged.commit.id, schemaViolation(judged));
  const leased = new Story(world).hire([BOB]);
  const bidding = new Story(world).toPlanVotes();
  const divided = new Story(world, { plan: DIVISION }).toPlanVotes();
  divided.divide([
    divided.dividedBid(BYSTANDER, [
      { task: 'find', worker: ADA, price: 5 },
      { task: 'main', worker: BOB, price: 5, after: ['find'] },
    ]),
  ]);
  return { world, leased, judged, bidding, divided };
}

const add = (state: State, account: string, amount: number): void => {
  state.accounts.set(account as never, (state.accounts.get(account as never) ?? 0) + amount);
};

/** A bug for each checker: what a wrong rule would leave behind. The ledger stays balanced unless that is the bug. */
const PLANTED: Readonly<Record<keyof typeof CHECKERS, (story: ReturnType<typeof busy>) => void>> = {
  'INV-ZERO-SUM': ({ world }) => add(world.state, `free/${ADA.did}`, 1),
  'INV-NON-NEGATIVE': ({ world }) => {
    const held = world.free(ADA);
    add(world.state, `free/${ADA.did}`, -held - 1);
    add(world.state, 'burn', held + 1);
  },
  'INV-SUPPLY': ({ world }) => {
    const room = world.state.supplyCap + (world.state.accounts.get('mint') ?? 0) + 1;
    add(world.state, 'mint', -room);
    add(world.state, `free/${ADA.did}`, room);
  },
  'INV-ESCROW': ({ world, leased }) => {
    add(world.state, `escrow/${leased.id}`, -1);
    add(world.state, `free/${REQUESTER.did}`, 1);
  },
  'INV-LOG-FEES': ({ world }) => {
    const { charged, position } = world.state;
    charged.set('later' as never, { position: position + 1, paid: 1 });
  },
  'INV-RESERVE': ({ world, judged }) => {
    const [seat] = judged.jury.seats;
    if (seat === undefined) throw new Error('a jury has seats');
    add(world.state, `reserve/${seat.did}`, -1);
    add(world.state, `stake/${seat.did}`, 1);
  },
  'INV-BOND': ({ world, leased }) => {
    add(world.state, `bond/work/${leased.id}/${BYSTANDER.did}`, 1);
    add(world.state, `free/${BYSTANDER.did}`, -1);
  },
  'INV-PLAN': ({ divided }) => {
    const second = divided.need.plan?.tasks[1];
    if (second === undefined) throw new Error('a plan has tasks');
    second.status = 'open';
  },
  'INV-LEASE': ({ world, leased }) => world.state.timers.cancel(`lease:${leased.id}`),
  'INV-COMMITTEE': ({ judged }) => {
    const [first, second] = judged.jury.seats;
    if (first === undefined || second === undefined) throw new Error('a jury has seats');
    judged.jury.seats[1] = { ...second, entity: first.entity };
  },
  'INV-SEALED': ({ judged }) => {
    const [seat] = judged.jury.seats;
    if (seat !== undefined) seat.seal = 'aa';
  },
  'INV-DISPUTE': ({ world, judged }) => {
    const dispute = { claim: { output: 0, key: '', step: 0 }, instance: 1, ruling: null, appeals: [] };
    const [challenge] = world.state.challenges.get(judged.commit.id) ?? [];
    if (challenge === undefined) throw new Error('the result is challenged');
    challenge.dispute = dispute;
  },
  'INV-NEED': ({ world, judged }) => void world.state.committees.delete(judged.jury.subject),
  'INV-UNBONDING': ({ world }) => {
    const [{ who } = { who: ADA }] = world.verifiers;
    world.accept(who, 'UNBOND', { delegate: null, amount: 1 });
    world.state.unbondings.delete(who.did);
  },
  'INV-DELEGATION': ({ world }) => {
    add(world.state, `delegation/${ADA.did}/${BOB.did}`, 1);
    add(world.state, `free/${ADA.did}`, -1);
  },
  'INV-HOLD': ({ world }) => {
    world.accept(ADA, 'ESCROW', { to: BOB.did, amount: 1, periodMs: 1, create: false });
    world.state.escrowsOpen.set(ADA.did, 2);
  },
  'INV-REPUTATION': ({ world }) => {
    const points = world.balance('burn') + 1;
    world.state.reputation.set('judge', new Map([[ADA.did, points]]));
  },
  'INV-TRIAL': ({ world }) => {
    world.state.trials.set(ADA.did, 4);
  },
  'INV-HEAL': ({ leased: { need } }) => {
    need.orphaned = need.adopted;
  },
  'INV-LIFE': ({ world }) => {
    world.state.incarnation += 1;
  },
  'INV-PLANT': ({ world }) => {
    world.state.plants.set('documents', { judged: 9, repaid: 1 });
  },
  'INV-SUSPENDED': ({ world, judged }) => {
    const [{ did } = ADA] = judged.jury.seats;
    world.state.suspensions.set(did, { vote: judged.commit.id as never, position: 0, conformedAt: null });
  },
  'INV-STAKE': ({ world }) => {
    const [{ who } = { who: ADA }] = world.verifiers;
    const all = world.balance(`stake/${who.did}`) + world.balance(`reserve/${who.did}`);
    add(world.state, `stake/${who.did}`, -all - 1);
  },
};

describe('each checker', () => {
  it('finds nothing in a world in the middle of things', () => {
    expect(checkInvariants(busy().world.state)).toEqual([]);
  });

  for (const [id, plant] of Object.entries(PLANTED)) {
    it(`${id} finds its planted bug`, () => {
      const story = busy();
      plant(story);
      const found = checkInvariants(story.world.state).map((violation) => violation.id);
      expect(found).toContain(id);
    });
  }

  it('has a planted bug', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(Object.keys(CHECKERS).sort());
  });
});

describe('other bugs that a checker finds', () => {
  const found = (plant: (story: ReturnType<typeof busy>) => void): readonly string[] => {
    const story = busy();
    plant(story);
    return checkInvariants(story.world.state).map((violation) => violation.id);
  };

  it('an escrow of no need', () => {
    const bug = found(({ world }) => {
      add(world.state, 'escrow/nothing', 1);
      add(world.state, `free/${ADA.did}`, -1);
    });
    expect(bug).toEqual(['INV-ESCROW']);
  });

  it('fees promised that are not there', () => {
    expect(found(({ judged }) => void Object.assign(judged.need, { owed: judged.need.feePool + 1 }))).toEqual([
      'INV-ESCROW',
    ]);
  });

  it('a reserve that no seat counts, and a seat that counts what is not reserved', () => {
    const seatLess = found(({ world }) => {
      add(world.state, `reserve/${ADA.did}`, 1);
      add(world.state, `free/${ADA.did}`, -1);
    });
    expect(seatLess).toEqual(['INV-RESERVE']);
    const bare = found(({ judged }) =>
      judged.jury.seats.forEach((seat) => void Object.assign(seat, { reserved: seat.reserved + 1 })),
    );
    expect(new Set(bare)).toEqual(new Set(['INV-RESERVE']));
  });

  it('shares of a reserve that no delegation counts, or that are more than it', () => {
    const [share] = [{ delegator: ADA.did, amount: 1 }];
    const uncounted = found(({ judged }) => void Object.assign(judged.jury.seats[0] ?? {}, { shares: [share] }));
    expect(uncounted).toEqual(['INV-DELEGATION']);
    const most = { ...share, amount: 2 ** 50 };
    expect(found(({ judged }) => void Object.assign(judged.jury.seats[0] ?? {}, { shares: [most] }))).toHaveLength(2);
    expect(found(({ world }) => void world.state.delegations.set(ADA.did, []))).toEqual(['INV-DELEGATION']);
  });

  it('a party in a committee, seats beyond n, or beyond a cap', () => {
    const party = found(({ judged }) =>
      judged.jury.seats.forEach((seat, index) => {
        if (index === 0) judged.jury.seats[0] = { ...seat, entity: judged.jury.excluded[0] ?? '' };
      }),
    );
    expect(party).toEqual(['INV-COMMITTEE']);
    expect(found(({ judged }) => void Object.assign(judged.jury, { n: 3 }))).toContain('INV-COMMITTEE');
    const crowded = found(({ judged }) =>
      judged.jury.seats.forEach((seat, index) => {
        judged.jury.seats[index] = { ...seat, region: 'one' };
      }),
    );
    expect(crowded).toEqual(['INV-COMMITTEE']);
  });

  it('a key of a party in a committee, or one that sits again, whatever entity it is of', () => {
    const party = found(({ bidding }) => {
      const [first, ...others] = bidding.plan.seats;
      if (first !== undefined) bidding.plan.seats.splice(0, 5, { ...first, did: REQUESTER.did }, ...others);
    });
    expect(party).toEqual(['INV-COMMITTEE']);
    const again = found(({ bidding }) => {
      const [first] = bidding.plan.seats;
      if (first !== undefined) bidding.plan.seats.push({ ...first, entity: 'org:other', status: 'silent' });
    });
    expect(again).toEqual(['INV-COMMITTEE']);
  });

  it('a lease that is no lease, or beyond the deadline', () => {
    expect(found(({ leased }) => void Object.assign(leased.need, { phase: 'ready' }))).toEqual(['INV-LEASE']);
    const beyond = found(({ world, leased }) => {
      world.tick();
      Object.assign(leased.lease, { expiresAt: (leased.need.deadlineAt ?? 0) + 1 });
    });
    expect(beyond).toEqual(['INV-LEASE']);
    const late = found(({ leased }) => void Object.assign(leased.need, { deadlinePassed: true }));
    expect(late).toEqual(['INV-LEASE']);
  });

  it('a need that takes bids without a committee', () => {
    expect(found(({ world, bidding }) => void world.state.committees.delete(bidding.plan.subject))).toEqual([
      'INV-NEED',
    ]);
  });
});

describe('a broken law throws', () => {
  const contextOf = (world: World): Context => {
    const { state } = world;
    return { state, sha256, position: state.position + 1, rule: 'test', emit: () => undefined };
  };
  const broken = (id: string, act: () => unknown): void => {
    expect(act).toThrow(expect.objectContaining({ name: 'InvariantError', id }));
  };

  it('money that is not there, or no integer', () => {
    const world = new World();
    const to = { code: 'transfer', debit: 'burn', credit: `free/${ADA.did}` } as const;
    broken('INV-NON-NEGATIVE', () => transfer(contextOf(world), { ...to, amount: 1 }));
    broken('INV-INTEGER', () => transfer(contextOf(world), { ...to, amount: -1 }));
    broken('INV-INTEGER', () => transfer(contextOf(world), { ...to, amount: 0.5 }));
    broken('INV-INTEGER', () => transfer(contextOf(world), { ...to, debit: 'mint', amount: Number.MAX_SAFE_INTEGER }));
  });

  it('a timer without duration', () => {
    broken('INV-TIMER', () => new Timers().open('lease:x', 0));
    broken('INV-TIMER', () => new Timers().open('lease:x', 2 ** 53));
  });

  it('a genesis of unknown rules, over its cap, or at the end of time', () => {
    const { genesis } = new World();
    broken('INV-RULES', () => createState({ ...genesis, rulesVersion: 2 }, sha256));
    broken('INV-TIME', () => createState({ ...genesis, time: 2 ** 52 + 1 }, sha256));
  });

  it('a need that is referred to and not there', () => {
    broken('INV-NEED', () => needOf(new World().state, 'nothing' as never));
  });

  it('a chain revealed beyond its end', () => {
    const world = new World();
    const story = new Story(world);
    const [first = ADA] = world.reporters;
    const entry = world.entry(first, 'TICK', {}, { envelopes: [world.report(first, { reveal: true })] });
    const effect = judgeTick(contextOf(world), { entry, payload: entry.envelope.payload as never });
    const member = world.state.members.get(first.did as Did);
    if (member !== undefined) member.revealsLeft = 0;
    if (typeof effect !== 'function') throw new Error(`refused with ${effect.code}`);
    broken('INV-CHAIN', effect);
    expect(story.plan.phase).toBe('drawing');
  });

  it('a bond that was not checked', () => {
    const { world, leased } = busy();
    const { need } = leased;
    need.runnersUp.push({ ...leased.lease.bid, worker: BYSTANDER.did });
    world.accept(BYSTANDER, 'TRANSFER', { to: ADA.did, amount: world.free(BYSTANDER), create: false });
    promote(contextOf(world), need);
    expect(need.phase).toBe('ready');
  });
});
