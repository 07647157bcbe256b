import { encodeCbor } from '@canswarm/protocol';
import { createWorld } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { witness } from '../world/witness.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 120_000;
const HOSTS = 5;
const HISTORY = 'can/history/2';

/** A host is away while bids and votes are said, and back before they are needed: peers tell it what it missed. */
async function late(report: Report, until: 'bidding_opened' | 'bidding_closed' | 'committed'): Promise<void> {
  const world = createWorld({ seed: `history/${until}`, hosts: HOSTS });
  const seen = witness(world);
  world.network.start();
  const need = await postQuote(world);
  const { clock } = world;
  await clock.runUntil(() => seen.events(until).length > 0, { untilMs: clock.now() + LIMIT_MS });
  world.remove(LATE);
  await clock.runUntil(() => false, { untilMs: clock.now() + 250 });
  world.restart(LATE);
  await clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: clock.now() + LIMIT_MS });
  const taken = world.meterOf(LATE).read()['history.taken'] ?? 0;
  report.check(`late after ${until}: peers tell it what it missed`, taken > 0, `${taken} envelopes`);
  report.check(`late after ${until}: the need is met`, seen.events('finalized').length === 1);
  report.check(`late after ${until}: one state`, seen.strangers().length === 0, seen.strangers().join());
}

const LATE = 'node-2';

/** Peers that answer with what is no history are left alone, and cost nothing but that. */
async function hostile(report: Report): Promise<void> {
  const lies: Readonly<Record<string, () => Promise<Uint8Array | null>>> = {
    garbage: async () => Uint8Array.of(255, 0),
    forgeries: async () => encodeCbor([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]),
    'too much': async () => new Uint8Array(4_000_000),
    nothing: () => new Promise(() => undefined),
  };
  for (const [name, lie] of Object.entries(lies)) {
    const world = createWorld({ seed: `history/hostile/${name}`, hosts: HOSTS });
    const seen = witness(world);
    for (let index = 0; index < 3; index += 1) world.hub.endpoint(`liar-${index}`).serve(HISTORY, lie);
    world.network.start();
    const need = await postQuote(world);
    await world.clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs: world.clock.now() + LIMIT_MS });
    report.check(`${name}: the need is met`, seen.events('finalized').length === 1);
    const shunned = [...world.nodes.keys()].reduce(
      (sum, node) => sum + (world.meterOf(node).read()['history.shunned'] ?? 0),
      0,
    );
    const due = name === 'garbage' || name === 'forgeries';
    report.check(`${name}: liars are left alone`, due ? shunned > 0 : shunned === 0, `${shunned} times`);
  }
}

/** Gossip that somebody missed comes from peers, through the same checks as any other. */
export const history: Suite = {
  name: 'history',
  async run(_size, report) {
    for (const until of ['bidding_opened', 'bidding_closed', 'committed'] as const) await late(report, until);
    await hostile(report);
  },
};
