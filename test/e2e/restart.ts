import { StorageError, type Store } from '@canswarm/ports';
import type { NeedId } from '@canswarm/protocol';
import { createWorld, type World } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { type WireTap, wireTap } from '../world/wire-tap.ts';
import { type Witness, witness } from '../world/witness.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 120_000;
const HOSTS = 5;
/** How long a machine is down, ms. */
const DOWN_MS = [0, 40, 400] as const;

interface Scene {
  readonly world: World;
  readonly seen: Witness;
  readonly tap: WireTap;
  readonly need: NeedId;
}

/** Someone whose machine stops at the worst moment, and the moment. */
interface Moment {
  readonly name: string;
  /** Tier of what is judged; 2 where it says nothing. */
  readonly tier?: number;
  /** The member whose node stops, once it should. */
  victim(scene: Scene): string | null;
  /** What it owes still, besides what every node owes. */
  owes(scene: Scene, report: Report, title: string): void;
}

const memberOf = ({ world }: Scene, did: string | undefined): string | null =>
  world.network.people.find((person) => person.did === did)?.member.name ?? null;

const heardFrom = ({ tap }: Scene, verb: string): string | undefined =>
  tap.heard.find(({ payload }) => payload.verb === verb)?.payload.from;

const nothingMore = (): void => undefined;

function noSilence({ seen }: Scene, report: Report, title: string): void {
  const silent = seen.events('seat_silent').length;
  report.check(`${title}: no seat is silent`, silent === 0, `${silent} are`);
}

function firstWorkerPaid(scene: Scene, report: Report, title: string): void {
  const paid = memberOf(scene, scene.seen.events('finalized')[0]?.worker);
  report.check(`${title}: it finishes its work`, paid === 'worker-1', `${paid} did`);
}

const MOMENTS: readonly Moment[] = [
  {
    name: 'requester',
    victim: ({ seen }) => (seen.events('need_opened').length > 0 ? 'requester' : null),
    owes: nothingMore,
  },
  { name: 'verifier that reveals', victim: (scene) => memberOf(scene, heardFrom(scene, 'REPORT')), owes: noSilence },
  { name: 'bidder', victim: (scene) => memberOf(scene, heardFrom(scene, 'PROPOSE')), owes: noSilence },
  { name: 'plan seat', victim: (scene) => memberOf(scene, scene.seen.events('seated')[0]?.did), owes: noSilence },
  {
    name: 'plan seat that voted',
    victim: (scene) => memberOf(scene, heardFrom(scene, 'ATTEST_PLAN')),
    owes: noSilence,
  },
  {
    name: 'holder',
    victim: (scene) => memberOf(scene, scene.seen.events('lease_granted')[0]?.holder),
    owes: firstWorkerPaid,
  },
  {
    name: 'committer',
    victim: (scene) => memberOf(scene, scene.seen.events('committed')[0]?.worker),
    owes: firstWorkerPaid,
  },
  { name: 'result seat', victim: (scene) => memberOf(scene, resultSeat(scene)), owes: noSilence },
  {
    name: 'result seat that sealed',
    tier: 6,
    victim: (scene) => memberOf(scene, heardFrom(scene, 'SEAL')),
    owes: noSilence,
  },
  { name: 'result seat that voted', victim: (scene) => memberOf(scene, heardFrom(scene, 'ATTEST')), owes: noSilence },
];

const resultSeat = ({ seen }: Scene): string | undefined =>
  seen.events('seated').find((event) => event.subject.startsWith('result/'))?.did;

async function open(world: World, tier = 2): Promise<Scene> {
  const seen = witness(world);
  const tap = wireTap(world);
  world.network.start();
  return { world, seen, tap, need: await postQuote(world, { body: { tier } }) };
}

const finish = ({ world, seen, need }: Scene): Promise<unknown> =>
  world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: world.clock.now() + LIMIT_MS });

/** What every restarted node owes: the same state, all entries, and nothing said twice. */
async function judge(scene: Scene, node: string, report: Report, title: string): Promise<void> {
  const { world, seen, tap, need } = scene;
  report.check(`${title}: the need is met`, seen.settled(need) && seen.events('finalized').length === 1);
  const faults = [...seen.faults, ...tap.faults()];
  report.check(`${title}: nothing is said or applied twice`, faults.length === 0, faults.slice(0, 3).join('; '));
  report.check(`${title}: one state`, seen.strangers().length === 0, seen.strangers().join());
  const head = await world.log.head('main');
  const kept = [...world.storeOf(node).scan('entry/')].length;
  report.check(`${title}: its store holds every entry`, kept === head, `${kept} of ${head}`);
  const votes = ['vote/', 'hidden/'].flatMap((kept) => [...world.storeOf(node).scan(kept)]).length;
  report.check(`${title}: its store holds no vote of a settled need`, votes === 0, `${votes}`);
}

/** A machine is switched off and on again. */
async function switchedOff(moment: Moment, downMs: number, report: Report): Promise<void> {
  const scene = await open(createWorld({ seed: `restart/${moment.name}/${downMs}` }), moment.tier);
  const { world } = scene;
  await world.clock.runUntil(() => moment.victim(scene) !== null, { untilMs: world.clock.now() + LIMIT_MS });
  const node = moment.victim(scene) ?? '';
  world.remove(node);
  await world.clock.runUntil(() => false, { untilMs: world.clock.now() + downMs });
  world.restart(node);
  await finish(scene);
  const title = `${moment.name} down for ${downMs} ms`;
  await judge(scene, node, report, title);
  moment.owes(scene, report, title);
}

/** When a machine dies: at the `at`-th of its next writes, from 1, before it is written or after. */
interface Crash {
  readonly at: number;
  readonly isWritten: boolean;
}

/** A host of several keys dies at one write to its disk and comes back 100 ms later. Null: it never does. */
async function crashed(crash: Crash | null): Promise<{ scene: Scene; writes: number }> {
  const world = createWorld({ seed: 'restart/crash', hosts: HOSTS });
  const { clock } = world;
  const { disk } = world.machine(VICTIM);
  const scene = await open(world);
  const before = disk.writes;
  if (crash !== null) disk.crashAt(crash.at, crash.isWritten);
  const isDown = (): boolean => !world.nodes.has(VICTIM);
  await clock.runUntil(() => isDown() || scene.seen.settled(scene.need), { untilMs: clock.now() + LIMIT_MS });
  if (isDown()) {
    await clock.runUntil(() => false, { untilMs: clock.now() + 100 });
    world.restart(VICTIM);
  }
  await finish(scene);
  return { scene, writes: disk.writes - before };
}

const VICTIM = 'node-1';

async function crashes(every: number, report: Report): Promise<number> {
  const { writes } = await crashed(null);
  report.check('the host writes as it goes', writes > 20, `${writes} writes`);
  let count = 0;
  for (let at = 1; at <= writes; at += every) {
    for (const isWritten of [false, true]) {
      const { scene } = await crashed({ at, isWritten });
      const title = `crash ${isWritten ? 'after' : 'before'} write ${at}`;
      const { crashes: died, node } = scene.world.machine(VICTIM);
      report.check(`${title}: it died and came back`, died === 1 && node !== null, `${died} times`);
      await judge(scene, VICTIM, report, title);
      count += 1;
    }
  }
  return count;
}

/** Two of five hosts are away until a verifier of theirs was silent too often; back again, it joins again without being told. */
async function backFromSilence(report: Report): Promise<void> {
  const world = createWorld({ seed: 'restart/silence', hosts: HOSTS });
  const seen = witness(world);
  world.network.start();
  for (const node of AWAY) world.remove(node);
  const inactive = (): number =>
    [...world.network.person('requester').node.state.members.values()].filter(({ active }) => !active).length;
  for (let posted = 0; posted < SILENT_NEEDS_MAX && inactive() === 0; posted += 1) {
    const need = await postQuote(world);
    await world.clock.runUntil(() => seen.settled(need), { untilMs: world.clock.now() + LIMIT_MS });
  }
  report.check('silence: it makes verifiers inactive', inactive() > 0);
  for (const node of AWAY) world.restart(node);
  await world.clock.runUntil(() => inactive() === 0 && seen.level(), { untilMs: world.clock.now() + LIMIT_MS });
  report.check('silence: those who are back join again', inactive() === 0, `${inactive()} are inactive`);
  const joins = seen.course.filter(({ entry }) => entry.envelope.payload.verb === 'JOIN').length;
  report.check('silence: once each', joins === seen.events('member_joined').length, `${joins} entries`);
  report.check('silence: one state', seen.strangers().length === 0, seen.strangers().join());
}

/** A store that is not what its node wrote: the node says so and does not start. */
async function damaged(report: Report): Promise<void> {
  for (const { name, harm } of DAMAGES) {
    const scene = await open(createWorld({ seed: `restart/damaged/${name}` }));
    const { world } = scene;
    await finish(scene);
    world.remove('requester');
    harm(world.storeOf('requester'));
    let said = 'it started';
    try {
      world.restart('requester');
    } catch (error) {
      said = error instanceof StorageError ? error.code : String(error);
    }
    report.check(`store damaged, ${name}: the node says so`, said === 'corrupt', said);
  }
}

const entriesOf = (store: Store): readonly (readonly [string, Uint8Array])[] => [...store.scan('entry/')];

function flip(store: Store, key: string): void {
  const bytes = Uint8Array.from(store.get(key) ?? []);
  bytes.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1);
  store.batch([{ key, value: bytes }], { sync: false });
}

const DAMAGES: readonly { readonly name: string; readonly harm: (store: Store) => void }[] = [
  { name: 'a bit of an entry', harm: (store) => flip(store, entriesOf(store)[2]?.[0] ?? '') },
  { name: 'a bit of the cursor', harm: (store) => flip(store, 'cursor') },
  ...[3, -1].map((at) => ({
    name: at < 0 ? 'no last entry' : 'an entry less',
    harm: (store: Store) => store.batch([{ key: entriesOf(store).at(at)?.[0] ?? '', value: null }], { sync: false }),
  })),
];

const AWAY = ['node-3', 'node-4'] as const;
const SILENT_NEEDS_MAX = 40;

/** Machines go down, orderly or at any write, and come back: nothing is lost, nothing is done twice. */
export const restart: Suite = {
  name: 'restart',
  async run(size, report) {
    const full = size === 'full';
    const downs = full ? DOWN_MS : DOWN_MS.slice(1, 2);
    for (const moment of MOMENTS) for (const downMs of downs) await switchedOff(moment, downMs, report);
    await backFromSilence(report);
    await damaged(report);
    report.metric('restarts', MOMENTS.length * downs.length);
    report.metric('crashes', await crashes(full ? 1 : 12, report));
  },
};
