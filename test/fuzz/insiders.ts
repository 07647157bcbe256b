import { GOSSIP_TOPIC } from '@canswarm/node';
import type { NeedId } from '@canswarm/protocol';
import { createWorld, type World } from '@canswarm/simulator';
import { SHARD } from 'canswarm';
import type { Suite } from '../e2e/suite.ts';
import { postQuote } from '../world/post-quote.ts';
import { unpackMessage } from '../world/wire-tap.ts';
import { witness } from '../world/witness.ts';
import { type Corpus, corpusCast, gatherCorpus } from './corpus.ts';
import { Forge } from './forge.ts';
import { insidersEntry, insidersWord } from './insiders-words.ts';

const HOSTS = 3;
const LIMIT_MS = 120_000;
const WORDS = { slice: 200, full: 2_000 } as const;
/** Words between two turns of the network, and between two needs. */
const TURN = 10;
const NEED_EVERY = 100;
const RECENT_ENVELOPES = 200;
const RECENT_ENTRIES = 40;

/** What was said last, so that members rave about what is open. */
function recent(world: World, corpus: Corpus): () => Corpus {
  const envelopes = [...corpus.envelopes];
  const entries = [...corpus.entries];
  world.hub.endpoint('insiders-ear').subscribe(GOSSIP_TOPIC, (message) => {
    envelopes.push(...unpackMessage(message));
    envelopes.splice(0, envelopes.length - RECENT_ENVELOPES);
    return 'accept';
  });
  const members = new Set(world.network.people.map(({ did }) => did));
  world.observe(() => ({
    onApplied({ entry, outcome }) {
      if (!outcome.accepted || !members.has(entry.envelope.payload.from)) return;
      entries.push(entry.bytes);
      entries.splice(0, entries.length - RECENT_ENTRIES);
    },
  }));
  return () => ({ ...corpus, envelopes, entries });
}

/**
 * Members that have lost their minds: properly signed words of every key, each with one value at an edge, on gossip and
 * in the log, about needs that are open. They may spoil needs and lose their money; they may not break the law or a node.
 */
export const insiders: Suite = {
  name: 'insiders',
  async run(size, report) {
    const world = createWorld({ seed: 'insiders', cast: corpusCast, hosts: HOSTS });
    const { clock, log, hub } = world;
    const seen = witness(world);
    world.network.start();
    const models = recent(world, await gatherCorpus(world));
    const forge = new Forge(world.crypto, world.random.stream('insiders'));
    const mouth = hub.endpoint('insiders-mouth');
    const needs: NeedId[] = [];
    for (let said = 0; said < WORDS[size]; said += 1) {
      if (said % NEED_EVERY === 0) needs.push(await postQuote(world, { text: `Document ${said}, read by the mad.` }));
      if (said % 3 > 0) mouth.publish(GOSSIP_TOPIC, insidersWord(forge, models()));
      else void log.append(SHARD, [insidersEntry(forge, models())]);
      if (said % TURN === 0) await clock.runUntil(() => false, { untilMs: clock.now() + 25 });
    }
    const open = (): readonly NeedId[] => needs.filter((need) => !seen.settled(need));
    await clock.runUntil(() => open().length === 0 && seen.level(), { untilMs: clock.now() + LIMIT_MS });
    report.check('no invariant breaks, no node stops or differs', seen.faults.length === 0, seen.faults.join('; '));
    report.check('every need of an honest requester ends', open().length === 0, `${open().length} are open`);
    report.check('every node has one state', seen.strangers().length === 0, seen.strangers().join());
    report.metric('words', WORDS[size]);
    report.metric('needs', needs.length);
    report.metric('final', seen.events('finalized').length);
    report.metric('acceptedOfMad', seen.course.filter(({ outcome }) => outcome.accepted).length);
    report.metric('rejected', seen.course.filter(({ outcome }) => !outcome.accepted).length);
  },
};
