import type { AccountId, KernelEvent } from '@canswarm/kernel';
import type { Identity } from '@canswarm/node';
import type { Did, NeedId } from '@canswarm/protocol';
import { createWorld, quoteCast, type World } from '@canswarm/simulator';
import type { CastMember } from 'canswarm';
import { postQuote } from '../world/post-quote.ts';
import { type Witness, witness } from '../world/witness.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 120_000;
const CHEAP = 5_000;
const DEAR = 6_000;

/** A need that was met although somebody was planted. */
interface Played {
  readonly world: World;
  readonly seen: Witness;
  readonly need: NeedId;
  /** Names of those who were planted. */
  readonly planted: ReadonlySet<string>;
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

/** What is done to a running world. `plant` changes an identity and remembers whose it is. */
type Tamper = (world: World, plant: (did: Did, change: (identity: Identity) => void) => void) => void;

interface Plant {
  readonly name: string;
  readonly cast: readonly CastMember[];
  readonly tamper: Tamper;
  /** What must have happened, besides the need being met and the plants having lost. */
  expect(played: Played, report: Report): void;
}

/** The first worker is the cheapest, so it wins; its engine is what is planted. */
const castWith = (engine: string): readonly CastMember[] =>
  quoteCast({
    workers: [
      { engine, priceBps: CHEAP },
      { engine: 'honest', priceBps: DEAR },
      { engine: 'honest', priceBps: DEAR + 500 },
    ],
  });

/** Calls `change` for the first K seats of the first draw for such a subject, before any duty of theirs runs. */
function firstSeats(world: World, kind: 'plan/' | 'result/', hit: (did: Did) => void): void {
  let subject: string | null = null;
  let left = 3;
  world.observe(() => ({
    onApplied({ events }) {
      for (const event of events) {
        if (event.type !== 'seated' || !event.subject.startsWith(kind) || left === 0) continue;
        subject ??= event.subject;
        if (event.subject !== subject || event.draw !== 0) continue;
        left -= 1;
        hit(event.did);
      }
    },
  }));
}

/** All that a member owns: free, staked and reserved. */
function wealth(world: World): ReadonlyMap<string, number> {
  const accounts = world.network.person('requester').node.state.accounts;
  const held = (kind: string, did: Did): number => accounts.get(`${kind}/${did}` as AccountId) ?? 0;
  return new Map(
    world.network.people.map(({ member, did }) => [
      member.name,
      held('free', did) + held('stake', did) + held('reserve', did),
    ]),
  );
}

async function play(plant: Plant, seed: string, hosts: number | null): Promise<Played> {
  const world = createWorld({ seed, hosts, cast: plant.cast });
  const planted = new Set<string>();
  const seen = witness(world);
  plant.tamper(world, (did, change) => {
    const person = world.network.byDid(did);
    if (person === undefined) throw new RangeError(`nobody is ${did}`);
    planted.add(person.member.name);
    change(person.identity);
  });
  const before = wealth(world);
  world.network.start();
  const need = await postQuote(world);
  await world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: world.clock.now() + LIMIT_MS });
  return { world, seen, need, planted, before, after: wealth(world) };
}

const change = (played: Played, name: string): number => (played.after.get(name) ?? 0) - (played.before.get(name) ?? 0);

/** Seat fees that a member earned, in plan seats for example: what it lost by misbehaving is apart from them. */
function earnedInSeats({ seen, world }: Played, name: string): number {
  const account = `free/${world.network.person(name).did}`;
  return seen
    .events('posting')
    .filter((event) => event.code === 'seat_fee' && event.credit === account)
    .reduce((sum, event) => sum + event.amount, 0);
}

/** What holds whatever was planted. */
function common(name: string, played: Played, report: Report): void {
  const { seen, need, planted, world } = played;
  report.check(`${name}: no invariant breaks, no node differs`, seen.faults.length === 0, seen.faults.join('; '));
  report.check(`${name}: the need is settled everywhere`, seen.settled(need) && seen.strangers().length === 0);
  const [final] = seen.events('finalized');
  const winner = final === undefined ? undefined : world.network.byDid(final.worker)?.member.name;
  report.check(`${name}: an honest worker is paid`, winner === 'worker-2', `${winner} was`);
  for (const { member } of world.network.people) {
    const gain = change(played, member.name);
    if (planted.has(member.name)) {
      const fault = gain - earnedInSeats(played, member.name);
      report.check(`${name}: ${member.name} lost`, fault < 0, `${fault} micro-credits`);
    } else if (member.name !== 'requester')
      report.check(`${name}: ${member.name} lost nothing`, gain >= 0, `${gain} micro-credits`);
  }
  const spent = -change(played, 'requester');
  report.check(`${name}: the requester paid at most cap and fees`, spent > 0 && spent <= 3_000_000, `${spent}`);
  report.metric(
    `${name}.lostByPlants`,
    [...planted].reduce((sum, plant) => sum + earnedInSeats(played, plant) - change(played, plant), 0),
  );
  report.metric(`${name}.virtualMs`, world.clock.now() - world.network.genesis.time);
}

const lost = (played: Played): readonly Extract<KernelEvent, { type: 'lease_lost' }>[] =>
  played.seen.events('lease_lost');

const plantWorker =
  (change: (identity: Identity) => void): Tamper =>
  (world, plant) =>
    plant(world.network.person('worker-1').did, change);

const nothing = (): void => undefined;

/** A worker alters a letter of what it quotes. */
const liar: Plant = {
  name: 'liar',
  cast: castWith('liar'),
  tamper: plantWorker(nothing),
  expect(played, report) {
    const verdicts = played.seen.events('certified').map((event) => event.verdict);
    report.check('liar: a failing certificate ends its attempt', verdicts.join() === 'fail,pass', verdicts.join());
    report.check(
      'liar: its attempt is lost by failure',
      lost(played)
        .map((event) => event.reason)
        .join() === 'failed',
    );
    report.check('liar: seats of the next attempt are more', seatsOf(played, 1) > seatsOf(played, 0));
  },
};

/** Seats drawn for the nth commit. */
function seatsOf({ seen }: Played, index: number): number {
  const commit = seen.events('committed')[index]?.commit;
  return seen.events('seated').filter((event) => event.subject === `result/${commit}`).length;
}

/** And the first K seats that should have seen it pass it without a look. */
const liarAndLazy: Plant = {
  name: 'liar+lazy',
  cast: castWith('liar'),
  tamper(world, plant) {
    plantWorker(nothing)(world, plant);
    firstSeats(world, 'result/', (did) => {
      plant(did, (identity) => {
        identity.engines.evaluate = 'lazy';
      });
    });
  },
  expect(played, report) {
    const { seen } = played;
    const verdicts = seen.events('certified').map((event) => event.verdict);
    report.check('liar+lazy: the lie passes at first', verdicts.join() === 'pass,pass', verdicts.join());
    const judged = seen.events('challenge_judged');
    report.check('liar+lazy: a challenge is upheld', judged.length === 1 && judged[0]?.upheld === true);
    const challenger = judged[0] === undefined ? undefined : played.world.network.byDid(judged[0].challenger);
    report.check('liar+lazy: by a bystander', challenger?.member.name === 'bystander');
    report.check('liar+lazy: which is rewarded', change(played, 'bystander') > 0);
    const slashed = seen.events('slashed').map((event) => played.world.network.byDid(event.did)?.member.name ?? '');
    const seats = [...played.planted].filter((name) => name !== 'worker-1');
    report.check(
      'liar+lazy: the reserves of all seats that passed it burn',
      slashed.length === 3 && seats.every((name) => slashed.includes(name)),
      slashed.join(),
    );
    report.check(
      'liar+lazy: the attempt is overturned',
      lost(played)
        .map((event) => event.reason)
        .join() === 'overturned',
    );
  },
};

/** A worker wins and does nothing, not even show that it lives. */
const stall: Plant = {
  name: 'stall',
  cast: castWith('stall'),
  tamper: plantWorker((identity) => {
    identity.lifeless = true;
  }),
  expect(played, report) {
    report.check(
      'stall: it is released',
      lost(played)
        .map((event) => event.reason)
        .join() === 'released',
    );
    const released = played.seen.course.find(({ entry }) => entry.envelope.payload.verb === 'RELEASE');
    const votes = released?.entry.evidence.envelopes.filter(({ payload }) => payload.verb === 'MISS').length ?? 0;
    report.check('stall: by K votes', votes >= 3, `${votes} votes`);
  },
};

/** A worker wins and does nothing but say that it is alive. */
const stallAlive: Plant = {
  name: 'stall+alive',
  cast: castWith('stall'),
  tamper: plantWorker(nothing),
  expect(played, report) {
    report.check(
      'stall+alive: its lease expires',
      lost(played)
        .map((event) => event.reason)
        .join() === 'expired',
    );
    const renewals = played.seen.events('lease_renewed').length;
    report.check('stall+alive: after all its renewals', renewals === 3, `${renewals} renewals`);
    const releases = played.seen.course.filter(({ entry }) => entry.envelope.payload.verb === 'RELEASE').length;
    report.check('stall+alive: nobody releases it', releases === 0);
  },
};

/** The first K seats of a committee never vote. */
const silent = (kind: 'plan/' | 'result/', name: string): Plant => ({
  name,
  cast: castWith('stall').map((member) => (member.name === 'worker-1' ? { ...member, offer: null } : member)),
  tamper(world, plant) {
    firstSeats(world, kind, (did) => {
      plant(did, (identity) => {
        identity.silent = true;
      });
    });
  },
  expect(played, report) {
    const silences = played.seen.events('seat_silent').filter((event) => event.subject.startsWith(kind));
    report.check(`${name}: their silence is counted`, silences.length === 3, `${silences.length} silences`);
    const redrawn = played.seen.events('seated').filter((event) => event.subject.startsWith(kind) && event.draw === 1);
    report.check(`${name}: as many are drawn anew`, redrawn.length === 3, `${redrawn.length} drawn`);
    const silentAgain = redrawn.some(({ did }) => silences.some((silence) => silence.did === did));
    report.check(`${name}: others than those`, !silentAgain);
  },
});

const PLANTS: readonly Plant[] = [
  liar,
  liarAndLazy,
  stall,
  stallAlive,
  silent('result/', 'silent'),
  silent('plan/', 'silent+plan'),
];

/** Those who lie, pass without looking, do nothing or say nothing: the need is met, and they lost money. */
export const plants: Suite = {
  name: 'plants',
  async run(size, report) {
    const rounds = size === 'full' ? 5 : 1;
    for (let index = 0; index < rounds; index += 1) {
      for (const plant of PLANTS) {
        const played = await play(plant, `plants/${index}`, size === 'full' ? null : 5);
        common(plant.name, played, report);
        plant.expect(played, report);
      }
    }
    report.metric('rounds', rounds * PLANTS.length);
  },
};
