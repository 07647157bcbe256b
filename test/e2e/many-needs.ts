import type { NeedId } from '@canswarm/protocol';
import { createWorld, quoteCast } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { wireTap } from '../world/wire-tap.ts';
import { witness } from '../world/witness.ts';
import type { Suite } from './suite.ts';

const LIMIT_MS = 120_000;
const HOSTS = 5;
const GATHER_MS = 20;

/** The usual cast with a second requester. */
function castOfTwo(): ReturnType<typeof quoteCast> {
  const cast = quoteCast();
  return cast.flatMap((member) =>
    member.name === 'requester'
      ? [member, { ...member, name: 'second-requester', org: 'second-requester-co', asn: 65_000 }]
      : [member],
  );
}

/** Many needs of two requesters at once, on five hosts that sign in batches. */
export const manyNeeds: Suite = {
  name: 'many-needs',
  async run(size, report) {
    const count = size === 'full' ? 40 : 12;
    const world = createWorld({ seed: 'many-needs', cast: castOfTwo(), hosts: HOSTS, gatherMs: GATHER_MS });
    const seen = witness(world);
    const tap = wireTap(world);
    world.network.start();
    const needs: NeedId[] = [];
    const startedMs = world.clock.now();
    const started = performance.now();
    for (let index = 0; index < count; index += 1) {
      const requester = index % 2 === 0 ? 'requester' : 'second-requester';
      needs.push(await postQuote(world, { requester, text: `Document ${index} says what it says, and no more.` }));
    }
    const { end } = await world.clock.runUntil(() => needs.every((need) => seen.settled(need)) && seen.level(), {
      untilMs: world.clock.now() + LIMIT_MS,
    });
    report.check('every need ends', end === 'done', `${needs.filter((need) => !seen.settled(need)).length} are open`);
    report.check('each need once', new Set(needs).size === count);
    const final = seen.events('finalized').length;
    report.check('every need is met', final === count, `${final} of ${count}`);
    report.check('no invariant breaks, no node differs', seen.faults.length === 0, seen.faults.join('; '));
    report.check('every node has one state', seen.strangers().length === 0, seen.strangers().join());
    report.check('nobody says twice what is said once', tap.faults().length === 0, tap.faults().slice(0, 3).join('; '));
    const rejected = seen.course.filter(({ outcome }) => !outcome.accepted);
    const held = [...(world.nodes.get('node-1')?.state.accounts ?? [])].filter(
      ([account, balance]) => balance !== 0 && /^(escrow|reserve|bond)\//.test(account),
    );
    report.check('nothing is held back', held.length === 0, held.join('; '));
    report.metric('needs', count);
    report.metric('final', final);
    report.metric('entries', seen.course.length);
    report.metric('rejected', rejected.length);
    report.metric('virtualMs', world.clock.now() - startedMs);
    report.metric('seconds', (performance.now() - started) / 1000);
  },
};
