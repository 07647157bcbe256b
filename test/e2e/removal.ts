import { seatedOf } from '@canswarm/kernel';
import type { NeedId } from '@canswarm/protocol';
import { createWorld, type World } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { type Witness, witness } from '../world/witness.ts';
import type { Suite } from './suite.ts';

const LIMIT_MS = 120_000;
/** Who is taken away: anyone at any event, or somebody at the worst moment for them. */
const AIMS = [
  'anyone',
  'anyone',
  'plan seat',
  'holder',
  'anyone',
  'result seat',
  'anyone',
  'planner',
  'committer',
  'two seats',
] as const;
type Aim = (typeof AIMS)[number];

interface Round {
  readonly victims: readonly string[];
  readonly at: string;
  readonly ended: 'final' | 'refunded' | 'open';
  readonly faults: readonly string[];
}

/** The name of the node that runs a member of the world; one node each. */
const nameOf = (world: World, did: string): string =>
  world.network.people.find((person) => person.did === did)?.member.name ?? '';

/** Who the aim hits now, or null while its moment has not come. */
function victims(aim: Aim, world: World, seen: Witness): readonly string[] | null {
  const of = (...dids: readonly (string | undefined)[]): readonly string[] | null =>
    dids.every((did) => did !== undefined) ? dids.map((did) => nameOf(world, did ?? '')) : null;
  const seats = (kind: string) => seen.events('seated').filter((event) => event.subject.startsWith(kind));
  switch (aim) {
    case 'anyone':
      return null;
    case 'plan seat':
      return of(seats('plan/')[0]?.did);
    case 'holder':
      return of(seen.events('lease_granted')[0]?.holder);
    case 'committer':
      return of(seen.events('committed')[0]?.worker);
    case 'result seat':
      return of(seats('result/')[0]?.did);
    case 'two seats':
      return of(seats('result/')[1]?.did, seats('result/')[3]?.did);
    case 'planner':
      return seen.events('bidding_opened').length > 0 ? ['planner'] : null;
  }
}

/** Anyone but the requester, whom nobody could pay back in its absence. */
function anyone(world: World): string {
  const names = [...world.nodes.keys()].filter((name) => name !== 'requester');
  return names[world.random.stream('victim').below(names.length)] ?? '';
}

/** One need, from which somebody vanishes after `steps` events, or at the moment of the aim. */
async function round(seed: string, aim: Aim, steps: number): Promise<Round> {
  const world = createWorld({ seed });
  const { clock } = world;
  const seen = witness(world);
  world.network.start();
  const need = await postQuote(world);
  const untilMs = clock.now() + LIMIT_MS;
  await clock.runUntil(() => victims(aim, world, seen) !== null, aim === 'anyone' ? { steps } : { untilMs });
  const gone = victims(aim, world, seen) ?? [anyone(world)];
  const at = `${clock.now() - world.network.genesis.time} ms, after ${seen.course.at(-1)?.entry.envelope.payload.verb ?? 'nothing'}`;
  for (const name of gone) world.remove(name);
  await clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs });
  return { victims: gone, at, ended: endOf(need, seen), faults: [...seen.faults, ...leftOver(world, seen, need)] };
}

function endOf(need: NeedId, seen: Witness): Round['ended'] {
  if (!seen.settled(need)) return 'open';
  return seen.events('finalized').length > 0 ? 'final' : 'refunded';
}

/** What an ended need must have given back: its escrow, every reserve, every bond. */
function leftOver(world: World, seen: Witness, need: NeedId): readonly string[] {
  if (!seen.settled(need)) {
    const state = world.nodes.get('requester')?.state;
    const open = state?.needs.get(need);
    const seats = [...(state?.committees.values() ?? [])].map(
      (c) => `${c.subject.slice(0, 6)} ${c.phase} ${seatedOf(c).length}`,
    );
    return [`the need is ${open?.phase ?? 'settled for some'}, ${seats.join(', ')}`];
  }
  const faults = seen.strangers().map((name) => `${name} has another state`);
  for (const [account, balance] of world.nodes.get('requester')?.state.accounts ?? [])
    if (balance !== 0 && /^(escrow|reserve|bond)\//.test(account)) faults.push(`${account} still holds ${balance}`);
  return faults;
}

/** The events of an undisturbed need, from its post to its last seat paid. */
async function undisturbedSteps(): Promise<number> {
  const world = createWorld({ seed: 'removal' });
  const seen = witness(world);
  world.network.start();
  const need = await postQuote(world);
  return (await world.clock.runUntil(() => seen.settled(need), { untilMs: world.clock.now() + LIMIT_MS })).steps;
}

/** Any one node but the requester's vanishes at any moment: the need ends all the same. */
export const removal: Suite = {
  name: 'removal',
  async run(size, report) {
    const rounds = size === 'full' ? 50 : 5;
    const whole = await undisturbedSteps();
    const ends = { final: 0, refunded: 0, open: 0 };
    let failures = 0;
    for (let index = 0; index < rounds; index += 1) {
      const aim = size === 'full' ? AIMS[index % AIMS.length] : AIMS[2 * index + 1];
      // Steps over the whole life of a need, in an order that visits early and late ones alike.
      const steps = Math.floor((whole * ((index * 37) % rounds)) / rounds);
      const { victims: gone, at, ended, faults } = await round(`removal/${index}`, aim ?? 'anyone', steps);
      ends[ended] += 1;
      const holds = ended !== 'open' && faults.length === 0;
      if (!holds) failures += 1;
      report.check(`round ${index}: ${aim}, ${gone.join(' and ')} gone at ${at}: ${ended}`, holds, faults.join('; '));
    }
    report.metric('rounds', rounds);
    report.metric('failures', failures);
    report.metric('final', ends.final);
    report.metric('refunded', ends.refunded);
  },
};
