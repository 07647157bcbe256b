import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply, checkInvariants, createState, stateRoot } from '@canswarm/kernel';
import { sodiumCrypto, sqliteStore } from '@canswarm/local';
import { GOSSIP_TOPIC } from '@canswarm/node';
import type { Clock, DecisionLog, Store } from '@canswarm/ports';
import { toHex, verifyEntry } from '@canswarm/protocol';
import { createWorld, type World } from '@canswarm/simulator';
import { SHARD } from 'canswarm';
import type { Report, Suite } from '../e2e/suite.ts';
import { postQuote } from '../world/post-quote.ts';
import { storedLog } from '../world/stored-log.ts';
import { unpackMessage } from '../world/wire-tap.ts';
import { type Corpus, corpusCast, gatherCorpus } from './corpus.ts';
import { Forge } from './forge.ts';
import { GOSSIP_FORGERIES } from './gossip-forgeries.ts';
import { LOG_FORGERIES, oversizeEntry } from './log-forgeries.ts';

/** One node holds every key, so that the memory of the process is that of a node. */
const HOSTS = 1;
const LIMIT_MS = 60_000;
const MESSAGES = { slice: 1_200, full: 10_000 } as const;
/** Messages after which memory is first measured. */
const WARM = { slice: 300, full: 2_000 } as const;
const GROWTH_MAX = 20 * 1024 * 1024;
/** Messages between two turns of the network, and between two oversize entries. */
const TURN = 20;
const OVERSIZE_EVERY = 2_000;
const STALL_MS_MAX = 1_000;

/** Everything that is thrown, by name. */
type Throw = { readonly name: string; readonly to: 'gossip' | 'log'; readonly bytes: Uint8Array };

const GOSSIP = Object.entries(GOSSIP_FORGERIES);
const LOG = Object.entries(LOG_FORGERIES);

function forge(tools: Forge, corpus: Corpus, index: number): Throw {
  if (index % OVERSIZE_EVERY === OVERSIZE_EVERY - 1)
    return { name: 'log.oversize', to: 'log', bytes: oversizeEntry(tools, corpus) };
  const all = GOSSIP.length + LOG.length;
  const kind = index % all;
  const gossip = GOSSIP[kind];
  if (gossip !== undefined) return { name: `gossip.${gossip[0]}`, to: 'gossip', bytes: gossip[1](tools, corpus) };
  const [name, make] = LOG[kind - GOSSIP.length] ?? tools.pick(LOG);
  return { name: `log.${name}`, to: 'log', bytes: make(tools, corpus) };
}

/** What nodes tell while they are attacked. */
interface Watch {
  readonly faults: string[];
  /** Rejections of attacking entries by the law, by code. */
  readonly codes: Map<string, number>;
}

function watch(world: World, thrown: ReadonlySet<string>): Watch {
  const faults: string[] = [];
  const codes = new Map<string, number>();
  const fault = (text: string): void => {
    if (faults.length < 10) faults.push(text);
  };
  world.observe((name) => ({
    onApplied({ position, entry, outcome }, state) {
      for (const { id, detail } of checkInvariants(state)) fault(`${name} at ${position}: ${id} ${detail}`);
      if (!thrown.has(shortHash(entry.hash))) return;
      if (outcome.accepted) fault(`${name} accepted a forged ${entry.envelope.payload.verb} at ${position}`);
      else codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
    },
    onDefect: (error) => fault(`${name} failed over a message: ${String(error)}`),
    onFailure: (error) => fault(`${name} stopped: ${String(error)}`),
  }));
  return { faults, codes };
}

const shortHash = (hash: Uint8Array): string => toHex(hash.subarray(0, 8));

/** What a node counted, summed over names that begin alike. */
function counted(world: World, prefix: string): number {
  let sum = 0;
  for (const node of world.nodes.keys())
    for (const [name, value] of Object.entries(world.meterOf(node).read())) if (name.startsWith(prefix)) sum += value;
  return sum;
}

function memory(): { readonly rss: number; readonly heap: number } {
  for (let round = 0; round < 3; round += 1)
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** Throws a number of forgeries at the running network. Returns the longest that a turn of it took, ms. */
class Assault {
  readonly #world: World;
  #corpus: Corpus;
  readonly #tools: Forge;
  readonly #thrown: Set<string>;
  readonly #publish: (bytes: Uint8Array) => void;
  readonly names = new Map<string, number>();
  longestMs = 0;
  count = 0;

  constructor(world: World, corpus: Corpus, thrown: Set<string>) {
    this.#world = world;
    this.#corpus = corpus;
    this.#thrown = thrown;
    this.#tools = new Forge(world.crypto, world.random.stream('forge'));
    const transport = world.hub.endpoint('attacker');
    this.#publish = (bytes) => transport.publish(GOSSIP_TOPIC, bytes);
  }

  /** Forges from other models from now on. */
  model(corpus: Corpus): void {
    this.#corpus = corpus;
  }

  async until(count: number): Promise<void> {
    const { clock, log, crypto } = this.#world;
    while (this.count < count) {
      const entries: Uint8Array[] = [];
      for (const end = Math.min(count, this.count + TURN); this.count < end; this.count += 1) {
        const { name, to, bytes } = forge(this.#tools, this.#corpus, this.count);
        this.names.set(name, (this.names.get(name) ?? 0) + 1);
        if (to === 'gossip') {
          this.#publish(bytes);
          continue;
        }
        this.#thrown.add(shortHash(crypto.sha256(bytes)));
        entries.push(bytes);
      }
      const started = performance.now();
      void log.append(SHARD, entries);
      await clock.runUntil(() => false, { untilMs: clock.now() + 10 });
      this.longestMs = Math.max(this.longestMs, performance.now() - started);
    }
  }
}

async function meetsANeed(world: World, during: (() => Promise<void>) | null): Promise<boolean> {
  const { clock } = world;
  const need = await postQuote(world, { text: `A document of ${clock.now()} that is quoted in peace.` });
  let final = false;
  const node = world.network.person('requester').node;
  const stop = node.listen({
    onApplied: ({ events }) => {
      final ||= events.some((event) => event.type === 'finalized' && event.need === need);
    },
  });
  await during?.();
  const open = (): boolean => [...world.nodes.values()].some(({ state }) => state.needs.has(need)) || !final;
  await clock.runUntil(() => !open(), { untilMs: clock.now() + LIMIT_MS });
  stop();
  return !open();
}

/** While a need is open: first forgeries of old words, then of those that are said about this need. */
async function rain(world: World, assault: Assault, old: Corpus, count: number): Promise<void> {
  const { clock, hub } = world;
  const envelopes: Uint8Array[] = [];
  const ear = hub.endpoint('second-ear');
  ear.subscribe(GOSSIP_TOPIC, (message) => {
    if (assault.count <= quiet) envelopes.push(...unpackMessage(message));
    return 'accept';
  });
  const quiet = assault.count;
  await clock.runUntil(() => envelopes.length >= 25, { untilMs: clock.now() + LIMIT_MS });
  assault.model({ ...old, envelopes });
  await assault.until(count);
  assault.model(old);
  await ear.close();
}

/** Whether somebody who reads the log alone comes to the node's state. */
async function auditAgrees(world: World): Promise<boolean> {
  const { crypto, log, network, clock } = world;
  const state = createState(network.genesis, crypto.sha256);
  const head = await log.head(SHARD);
  let read = 0;
  const following = log.follow(SHARD, 0, (records) => {
    for (const { bytes } of records) {
      const verified = verifyEntry(bytes, crypto);
      if (verified.ok) apply(state, verified.entry, crypto.sha256);
      read += 1;
    }
  });
  await clock.runUntil(() => read >= head, { untilMs: clock.now() + LIMIT_MS });
  await clock.settled(following.close());
  const { state: own } = network.person('requester').node;
  return read === head && stateRoot(state, crypto.sha256) === stateRoot(own, crypto.sha256);
}

async function attack(world: World, size: 'slice' | 'full', report: Report): Promise<void> {
  const thrown = new Set<string>();
  const seen = watch(world, thrown);
  world.network.start();
  const corpus = await gatherCorpus(world);
  report.metric('corpus', corpus.envelopes.length + corpus.entries.length);
  const assault = new Assault(world, corpus, thrown);
  const started = performance.now();
  const kept = counted(world, 'ingress.kept');
  await assault.until(WARM[size]);
  report.check('nothing forged is kept from gossip', counted(world, 'ingress.kept') === kept);
  const before = memory();
  const half = Math.floor((WARM[size] + MESSAGES[size]) / 2);
  await assault.until(half - 400);
  report.check('nor later', counted(world, 'ingress.kept') === kept);
  report.check('a need is met while forgeries rain', await meetsANeed(world, () => rain(world, assault, corpus, half)));
  const between = counted(world, 'ingress.kept');
  await assault.until(MESSAGES[size]);
  report.check('nor at last', counted(world, 'ingress.kept') === between);
  const after = memory();
  const seconds = (performance.now() - started) / 1000;
  report.check('a need posted afterwards is met', await meetsANeed(world, null));
  report.check(
    'no forged entry is accepted, no node stops, no invariant breaks',
    seen.faults.length === 0,
    seen.faults.join('; '),
  );
  report.check('an audit of the log comes to the same state', await auditAgrees(world));
  report.check('no turn stalls', assault.longestMs < STALL_MS_MAX, `${assault.longestMs} ms`);
  if (size === 'full' && globalThis.gc !== undefined) {
    const growth = after.rss - before.rss;
    report.check('resident memory grows by less than 20 MiB', growth < GROWTH_MAX, `${growth} bytes`);
    report.metric('rssGrowthMiB', growth / 2 ** 20);
    report.metric('heapGrowthMiB', (after.heap - before.heap) / 2 ** 20);
  }
  tell(world, seen, thrown, report);
  const gossip = [...assault.names].reduce((sum, [name, count]) => sum + (name.startsWith('gossip.') ? count : 0), 0);
  const judged = ['refused.', 'dropped.', 'duplicate', 'early'].reduce(
    (sum, kind) => sum + counted(world, `ingress.${kind}`),
    0,
  );
  report.check(
    'every forged message has its code',
    judged >= gossip - (assault.names.get('gossip.nothing') ?? 0),
    `${judged} of ${gossip}`,
  );
  report.metric('messages', MESSAGES[size]);
  report.metric('messagesPerSecond', MESSAGES[size] / seconds);
  report.metric('longestTurnMs', assault.longestMs);
}

/** Every rejection has a code: what was thrown at each node is found again among its counts. */
function tell(world: World, seen: Watch, thrown: ReadonlySet<string>, report: Report): void {
  const lawful = [...seen.codes.values()].reduce((sum, count) => sum + count, 0);
  const judged = (lawful + counted(world, 'log.refused.')) / world.nodes.size;
  report.check('every forged entry has its code', judged === thrown.size, `${judged} of ${thrown.size}`);
  for (const [code, count] of seen.codes) report.metric(`law.${code}`, count);
  for (const name of ['ingress.refused.', 'ingress.dropped.', 'log.refused.']) {
    const codes = new Set<string>();
    for (const node of world.nodes.keys())
      for (const key of Object.keys(world.meterOf(node).read())) if (key.startsWith(name)) codes.add(key);
    for (const key of codes) report.metric(key, counted(world, key));
    report.check(`refusals of many codes: ${name}*`, codes.size >= 5, `${codes.size}`);
  }
}

/** Mutated and made-up messages at the way in for gossip and in the log. */
export const fuzz: Suite = {
  name: 'fuzz',
  async run(size, report) {
    const folder = mkdtempSync(join(tmpdir(), 'canswarm-fuzz-'));
    const stores: Store[] = [];
    const makeStore = (node: string): Store => {
      const store = sqliteStore({ path: join(folder, `${node}.sqlite`) });
      stores.push(store);
      return store;
    };
    const makeLog = (clock: Clock): DecisionLog => storedLog(clock, makeStore('log'), sodiumCrypto().sha256);
    const world = createWorld({ seed: 'fuzz', cast: corpusCast, hosts: HOSTS, makeStore, makeLog });
    try {
      await attack(world, size, report);
    } finally {
      for (const name of world.nodes.keys()) world.remove(name);
      await world.clock.runUntil(() => false, { untilMs: world.clock.now() + 1_000 });
      for (const store of stores) store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
