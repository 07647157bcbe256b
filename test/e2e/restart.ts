import { StorageError, type Store } from '@canswarm/ports';
import type { NeedId } from '@canswarm/protocol';
import { type Crash, type FailingStore, failingStore } from '../world/failing-store.ts';
import { postQuote } from '../world/post-quote.ts';
import { type VirtualWorld, virtualWorld } from '../world/virtual-network.ts';
import { type WireTap, wireTap } from '../world/wire-tap.ts';
import { type Witness, witness } from '../world/witness.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 120_000;
const HOSTS = 5;
/** How long a machine is down, ms. */
const DOWN_MS = [0, 40, 400] as const;

interface Scene {
  readonly world: VirtualWorld;
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

async function open(world: VirtualWorld, allowFailures = false, tier = 2): Promise<Scene> {
  const seen = witness(world, { allowFailures });
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
  const scene = await open(virtualWorld({ seed: `restart/${moment.name}/${downMs}` }), false, moment.tier);
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

/** A host of several keys dies at one write to its store and comes back 100 ms later. */
async function crashed(crash: Crash | null): Promise<{ scene: Scene; machine: FailingStore }> {
  const machines = new Map<string, FailingStore>();
  const world = virtualWorld({
    seed: 'restart/crash',
    hosts: HOSTS,
    wrapStore(node, store) {
      const machine = machines.get(node) ?? failingStore(store);
      machines.set(node, machine);
      return machine.store;
    },
  });
  const machine = machines.get(VICTIM);
  if (machine === undefined) throw new Error(`${VICTIM} has no store`);
  const scene = await open(world, crash !== null);
  machine.arm(crash);
  const untilMs = world.clock.now() + LIMIT_MS;
  await world.clock.runUntil(() => machine.dead() || scene.seen.settled(scene.need), { untilMs });
  if (machine.dead()) {
    world.remove(VICTIM);
    await world.clock.runUntil(() => false, { untilMs: world.clock.now() + 100 });
    machine.revive();
    world.restart(VICTIM);
  }
  await finish(scene);
  return { scene, machine };
}

const VICTIM = 'node-1';

async function crashes(every: number, report: Report): Promise<number> {
  const whole = (await crashed(null)).machine.writes();
  report.check('the host writes as it goes', whole > 20, `${whole} writes`);
  let count = 0;
  for (let at = 1; at <= whole; at += every) {
    for (const when of ['before', 'after'] as const) {
      const { scene, machine } = await crashed({ at, when });
      const title = `crash ${when} write ${at}`;
      report.check(`${title}: it came back`, !machine.dead() && scene.world.nodes.has(VICTIM));
      await judge(scene, VICTIM, report, title);
      count += 1;
    }
  }
  return count;
}

/** Two of five hosts are away until a verifier of theirs was silent too often; back again, it joins again without being told. */
async function backFromSilence(report: Report): Promise<void> {
  const world = virtualWorld({ seed: 'restart/silence', hosts: HOSTS });
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
    const scene = await open(virtualWorld({ seed: `restart/damaged/${name}` }));
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
