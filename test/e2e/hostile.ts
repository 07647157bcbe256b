import type { KernelEvent, State } from '@canswarm/kernel';
import type { Said } from '@canswarm/node';
import type { Cid, Did, EnvelopeId, NeedId } from '@canswarm/protocol';
import { type CastMember, CREDIT } from 'canswarm';
import { type Attacker, attacker } from '../world/attacker.ts';
import { postQuote } from '../world/post-quote.ts';
import { quoteCast, type VirtualWorld, virtualWorld } from '../world/virtual-network.ts';
import { type Witness, witness } from '../world/witness.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 120_000;
/** More than any limit of what a node keeps for one need. */
const FLOOD = 600;
interface Stage {
  readonly world: VirtualWorld;
  readonly seen: Witness;
  readonly evil: Attacker;
}

interface Attack {
  readonly name: string;
  readonly cast?: readonly CastMember[];
  /** Latest time after the post, ms, by which the need is settled all the same. */
  readonly withinMs: number;
  /** Sets the attack up before the network starts. */
  prepare(stage: Stage): void;
  expect?(stage: Stage, report: Report): void;
}

/** Settled as if nobody attacked: windows, hold and some room. */
const UNDISTURBED_MS = 4_700;

/** Calls `act` at the first event of a type, once. */
function at<T extends KernelEvent['type']>(
  { world }: Stage,
  type: T,
  act: (event: Extract<KernelEvent, { type: T }>, state: State) => void,
): void {
  let acted = false;
  world.observe(() => ({
    onApplied({ events }, state) {
      const event = events.find((one): one is Extract<KernelEvent, { type: T }> => one.type === type);
      if (event === undefined || acted) return;
      acted = true;
      act(event, state);
    },
  }));
}

/** What all nodes together counted under a name. */
const counted = ({ world }: Stage, name: string): number =>
  [...world.network.nodes.keys()].reduce((sum, node) => sum + (world.meterOf(node).read()[name] ?? 0), 0);

const some = <T>(make: (index: number) => T, count = FLOOD): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const bid = (
  need: NeedId,
  assignee: Did,
  planner: Did | null,
  price = CREDIT,
  acceptance: EnvelopeId | null = null,
): Extract<Said, { verb: 'PROPOSE' }> => ({
  verb: 'PROPOSE',
  body: {
    need,
    round: 1,
    price,
    etaMs: 1_000,
    planner,
    patch: [{ task: 'main', assignee, price, acceptance }],
  },
});

const planVote = (need: NeedId, draw: number): Said => ({
  verb: 'ATTEST_PLAN',
  body: { need, round: 1, ballot: 1, draw, winner: null, bidsSeen: [], policyDigest: null },
});

const bidsOfStrangers: Attack = {
  name: 'strangers bid by the hundred',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil } = stage;
    at(stage, 'need_opened', ({ need }) => {
      const strangers = some(() => evil.stranger());
      evil.publish(strangers.map((stranger) => evil.sign(stranger, bid(need, stranger.did, null, 1), need)));
    });
  },
  expect: (stage, report) =>
    report.check('strangers bid by the hundred: none is kept', counted(stage, 'ingress.dropped.bond_lacking') >= FLOOD),
};

const plansOfStrangers: Attack = {
  name: 'strangers plan with a worker who never agreed',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'need_opened', ({ need }) => {
      const victim = world.network.person('worker-1').did;
      const plans = some(() => evil.stranger()).map((stranger) => {
        return evil.sign(stranger, bid(need, victim, stranger.did, 1, need as string as EnvelopeId), need);
      });
      evil.publish(plans);
    });
  },
};

const manyPlanners: Attack = {
  name: 'a worker accepts hundreds of planners',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-2').identity;
    at(stage, 'need_opened', ({ need }) => {
      evil.publish(some(() => evil.sign(signer, bid(need, signer.did, evil.stranger().did), need)));
    });
  },
};

/** Cheaper bids that reach some seats before they vote and others after. */
const lastMomentBids: Attack = {
  name: 'the best bidder underbids itself while seats vote',
  withinMs: UNDISTURBED_MS + 1_300,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-1').identity;
    at(stage, 'bidding_opened', ({ need, closesAt }) => {
      const leftMs = closesAt - world.clock.now() - 5;
      for (let ms = 0; ms < 25; ms += 1) {
        const cheaper = bid(need, signer.did, null, 900_000 - ms);
        world.clock.schedule(leftMs + ms, () => evil.publish([evil.sign(signer, cheaper, need)]));
      }
    });
  },
};

const votesForNothing: Attack = {
  name: 'a seat votes in hundreds of draws that never were',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'seated', ({ did, subject }) => {
      const signer = world.network.byDid(did)?.identity.signer;
      const need = subject.split('/')[1] as NeedId;
      if (signer !== undefined) evil.publish(some((index) => evil.sign(signer, planVote(need, index + 1), need)));
    });
  },
};

const votesOfStrangers: Attack = {
  name: 'hundreds vote who have no seat',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil } = stage;
    at(stage, 'need_opened', ({ need }) => {
      evil.publish(some(() => evil.sign(evil.stranger(), planVote(need, 0), need)));
    });
  },
  expect: (stage, report) =>
    report.check('hundreds vote who have no seat: none is kept', counted(stage, 'ingress.dropped.not_seated') >= FLOOD),
};

const reportsOfStrangers: Attack = {
  name: 'thousands report who are no verifiers',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'need_opened', () => {
      const time = world.clock.now() + 3_600_000;
      evil.publish(
        some(
          (index) =>
            evil.sign(
              evil.stranger(),
              { verb: 'REPORT', body: { time, preimage: index % 2 === 0 ? null : new Uint8Array(32).fill(index) } },
              null,
            ),
          3_000,
        ),
      );
    });
  },
  expect: (stage, report) =>
    report.check(
      'thousands report who are no verifiers: none is kept',
      counted(stage, 'ingress.dropped.report_unfit') >= 3_000,
    ),
};

const crookedReports: Attack = {
  name: 'a verifier reports forked heads, times to come and junk for a preimage',
  withinMs: UNDISTURBED_MS + 300,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('verifier-01').identity;
    for (const type of ['need_opened', 'bidding_opened', 'committed', 'certified'] as const) {
      at(stage, type, () => {
        const { state } = world.network.person('requester').node;
        const body = { time: Number.MAX_SAFE_INTEGER, preimage: new Uint8Array(32).fill(7) };
        const { incarnation, position } = state;
        const heads = [
          { incarnation, position, digest: new Uint8Array(32) },
          { incarnation, position: position + 3, digest: state.digest },
          { incarnation: incarnation + 1, position, digest: state.digest },
        ];
        evil.publish(heads.map((head) => evil.sign(signer, { verb: 'REPORT', body }, null, { head })));
        const own = { incarnation, position, digest: state.digest };
        evil.publish([evil.sign(signer, { verb: 'REPORT', body }, null, { head: own })]);
      });
    }
  },
};

const unknownNeeds: Attack = {
  name: 'thousands of envelopes for needs that nobody posted',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    at(stage, 'need_opened', ({ need }) => {
      const { state } = world.network.person('requester').node;
      const { incarnation, position, digest } = state;
      const ahead = { incarnation, position: position + 1, digest };
      const name = (index: number): NeedId =>
        `${need.slice(0, -4)}${[3, 2, 1].map((power) => 'abcdefghijklmnop'[Math.floor(index / 16 ** power) % 16]).join('')}a` as NeedId;
      evil.publish(
        some((index) => {
          const other = name(index);
          const choice = index % 2 === 0 ? {} : { head: ahead };
          return evil.sign(evil.stranger(), planVote(other, 0), other, choice);
        }, 3_000),
      );
    });
  },
  expect(stage, report) {
    const dropped = counted(stage, 'ingress.dropped.need_unknown');
    report.check(
      'thousands of envelopes for needs that nobody posted: they are dropped',
      dropped >= 1_500,
      `${dropped}`,
    );
  },
};

const stalling = quoteCast({
  workers: [
    { engine: 'stall', priceBps: 5_000 },
    { engine: 'honest', priceBps: 6_000 },
    { engine: 'honest', priceBps: 6_500 },
  ],
});

const heartbeat = (need: NeedId, attempt: number, position: number): Said => ({
  verb: 'HEARTBEAT',
  body: { need, task: 'main', attempt, fence: { incarnation: 1, position }, progress: null },
});

/** A holder that is gone: others claim that it lives, again and again. */
const falseLife: Attack = {
  name: 'heartbeats of those who hold nothing, and one of the holder over and over',
  cast: stalling,
  withinMs: UNDISTURBED_MS + 5_000,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('worker-1').identity;
    world.network.person('worker-1').identity.lifeless = true;
    at(stage, 'lease_granted', ({ need, attempt }, state) => {
      const position = state.needs.get(need)?.lease?.fence.position ?? 0;
      const old = evil.sign(signer, heartbeat(need, attempt, position), need);
      evil.publish([old]);
      const again = (): void => {
        // New bytes each time for what nobody accepts; the same bytes of the holder's, after the memory of them is flooded.
        evil.publish([
          ...some((index) => evil.sign(evil.stranger(), heartbeat(need, index, position), need), 40),
          evil.sign(world.network.person('worker-2').identity.signer, heartbeat(need, attempt, position), need),
          evil.sign(signer, heartbeat(need, 1_000, position), need),
          evil.sign(signer, heartbeat(need, attempt, position + 1), need),
          old,
        ]);
        if (world.network.person('requester').node.state.needs.get(need)?.attempt === attempt)
          world.clock.schedule(500, again);
      };
      again();
    });
  },
  expect: ({ seen }, report) => {
    const lost = seen.events('lease_lost').map((event) => event.reason);
    report.check(
      'heartbeats of those who hold nothing: the holder is released',
      lost.join() === 'released',
      lost.join(),
    );
  },
};

/** A plan seat whose own vote would spoil the evidence for a RELEASE. */
const spoiltMiss: Attack = {
  name: 'a plan seat misses another lease in the same breath',
  cast: stalling,
  withinMs: UNDISTURBED_MS + 5_000,
  prepare(stage) {
    const { evil, world } = stage;
    world.network.person('worker-1').identity.lifeless = true;
    at(stage, 'lease_granted', ({ need, attempt }, state) => {
      const position = state.needs.get(need)?.lease?.fence.position ?? 0;
      const seat = world.network.byDid(state.needs.get(need)?.planSeats[0] as Did);
      if (seat === undefined) return;
      const miss = (other: NeedId, incarnation: number): Said => ({
        verb: 'MISS',
        body: { need: other, task: 'main', attempt, fence: { incarnation, position }, interval: 3 },
      });
      const { signer } = seat.identity;
      world.clock.schedule(100, () => {
        evil.publish([
          evil.sign(signer, miss(need, 2), need),
          evil.sign(signer, miss(need.replace(/.$/, 'a') as NeedId, 1), need),
        ]);
      });
    });
  },
  expect: ({ seen }, report) => {
    const refused = seen.course.filter(
      ({ outcome }) => !outcome.accepted && 'code' in outcome && outcome.code === 'miss_unfit',
    );
    report.check(
      'a plan seat misses another lease: no RELEASE is spoilt',
      refused.length === 0,
      `${refused.length} are`,
    );
    const lost = seen.events('lease_lost').map((event) => event.reason);
    report.check('a plan seat misses another lease: the holder is released', lost.join() === 'released', lost.join());
  },
};

const otherTimes: Attack = {
  name: 'gossip of yesterday, of tomorrow and of another network',
  withinMs: UNDISTURBED_MS,
  prepare(stage) {
    const { evil, world } = stage;
    const { signer } = world.network.person('verifier-02').identity;
    at(stage, 'need_opened', ({ need }) => {
      const now = world.clock.now();
      const body = { time: now, preimage: null };
      evil.publish([
        evil.sign(signer, { verb: 'REPORT', body }, null, { time: now + 86_400_000 }),
        evil.sign(signer, { verb: 'REPORT', body }, null, { time: 0, lamport: 0 }),
        evil.sign(signer, { verb: 'REPORT', body }, null, { network: need as Cid }),
        evil.sign(signer, { verb: 'CANCEL', body: { need } }, need),
      ]);
    });
  },
  expect(stage, report) {
    for (const code of ['from_the_future', 'network_other', 'not_gossip'])
      report.check(`other times: ${code}`, counted(stage, `ingress.dropped.${code}`) > 0);
  },
};

const ATTACKS: readonly Attack[] = [
  bidsOfStrangers,
  plansOfStrangers,
  manyPlanners,
  lastMomentBids,
  votesForNothing,
  votesOfStrangers,
  reportsOfStrangers,
  crookedReports,
  unknownNeeds,
  falseLife,
  spoiltMiss,
  otherTimes,
];

async function endure(attack: Attack, seed: string, hosts: number | null, report: Report): Promise<void> {
  const world = virtualWorld({ seed, hosts, ...(attack.cast === undefined ? {} : { cast: attack.cast }) });
  const stage = { world, seen: witness(world), evil: attacker(world) };
  const { seen } = stage;
  attack.prepare(stage);
  world.network.start();
  const need = await postQuote(world);
  const posted = world.clock.now();
  await world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: posted + LIMIT_MS });
  const tookMs = world.clock.now() - posted;
  const final = seen.events('finalized').length;
  report.check(`${attack.name}: the need is met`, seen.settled(need) && final === 1, `${final} final`);
  report.check(`${attack.name}: in time`, tookMs <= attack.withinMs, `${tookMs} ms of ${attack.withinMs}`);
  report.check(`${attack.name}: no invariant breaks, no node stops`, seen.faults.length === 0, seen.faults.join('; '));
  attack.expect?.(stage, report);
}

/** Peers that say whatever their keys can sign: nothing of it delays a need or fills a node. */
export const hostile: Suite = {
  name: 'hostile',
  async run(size, report) {
    const rounds = size === 'full' ? 4 : 1;
    const hosts = size === 'full' ? null : 5;
    for (let index = 0; index < rounds; index += 1)
      for (const attack of ATTACKS) await endure(attack, `hostile/${index}`, hosts, report);
    report.metric('attacks', rounds * ATTACKS.length);
  },
};
