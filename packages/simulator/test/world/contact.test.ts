import { LogAwayError } from '@canswarm/node';
import { describe, expect, it } from 'vitest';
import { quoteCast } from '../../src/workload/quote-cast.ts';
import { quoteNeed } from '../../src/workload/quote-need.ts';
import { publishQuoteTask } from '../../src/workload/quote-skill.ts';
import { createWorld } from '../../src/world/world.ts';
import { sha256 } from '../support.ts';

/** More than a node needs to find out, ms. */
const FINDS_MS = 3_000;

function openWorld(seed: string) {
  const world = createWorld({ seed, cast: quoteCast(), hosts: 3 });
  const { network, machines, weather, hub, clock } = world;
  const { node, did } = network.person('requester');
  const own = [...machines.values()].find((machine) => machine.node === node);
  if (own === undefined) throw new Error('a machine runs the node of the requester');
  const others = [...machines.keys()].filter((name) => name !== own.name);
  const told: string[] = [];
  world.observe((name) => ({ onContact: ({ state }) => told.push(`${name} ${state}`) }));
  network.start();
  const pass = async (ms: number): Promise<void> =>
    void (await clock.runUntil(() => false, { untilMs: clock.now() + ms }));
  const cut = (what: 'log' | 'peers' | 'both'): void => {
    if (what !== 'peers') own.link.cut();
    if (what !== 'log') weather.cut([own.name], others);
    hub.turned();
  };
  const heal = (): void => {
    own.link.heal();
    weather.heal();
    hub.turned();
  };
  const states = (): readonly (string | undefined)[] =>
    [own.name, ...others].map((name) => world.nodes.get(name)?.contact.state);
  return { ...world, node, did, own, others, told, pass, cut, heal, states };
}

describe('a node of a network', () => {
  it.each([
    ['log', 'log_lost'],
    ['peers', 'peers_lost'],
    ['both', 'isolated'],
  ] as const)(
    'knows that it is cut off from: %s, the others know that they are not, and it knows when that is over',
    async (what, state) => {
      const { told, own, pass, cut, heal, states } = openWorld(`contact/${what}`);
      await pass(FINDS_MS);
      expect([states(), told]).toEqual([['online', 'online', 'online'], []]);
      cut(what);
      await pass(FINDS_MS);
      expect(states()).toEqual([state, 'online', 'online']);
      heal();
      await pass(FINDS_MS);
      expect(states()).toEqual(['online', 'online', 'online']);
      expect(told.every((line) => line.startsWith(own.name))).toBe(true);
    },
  );

  it('that nobody tells that it is cut off finds out too', async () => {
    const { weather, own, others, pass, states } = openWorld('contact/deaf');
    weather.deafen([own.name], others);
    weather.deafen(others, [own.name]);
    await pass(FINDS_MS);
    expect(states()).toEqual(['peers_lost', 'online', 'online']);
  });

  it('holds a need back while the log is lost, and posts it when that is back', async () => {
    const { content, clock, node, did, pass, cut, heal } = openWorld('contact/command');
    const task = await clock.settled(publishQuoteTask('Word for word.', content, sha256));
    cut('both');
    await pass(FINDS_MS);
    const posted = node.postNeed(did, quoteNeed(task));
    await pass(500);
    expect(node.contact.waiting).toBe(1);
    heal();
    const id = await clock.settled(posted);
    await clock.runUntil(() => node.state.commits.size > 0, { untilMs: clock.now() + 20_000 });
    expect([node.state.needs.has(id), node.contact.waiting]).toEqual([true, 0]);
  });

  it('refuses a command that waited too long, and never says it', async () => {
    const { content, clock, node, did, machines, pass, cut, heal } = openWorld('contact/refused');
    const task = await clock.settled(publishQuoteTask('Word for word.', content, sha256));
    cut('log');
    await pass(FINDS_MS);
    const posted = node.postNeed(did, quoteNeed(task)).catch((error: unknown) => error);
    expect(await clock.settled(posted)).toBeInstanceOf(LogAwayError);
    heal();
    await pass(20_000);
    expect([...machines.values()].map((machine) => machine.node?.state.needs.size)).toEqual([0, 0, 0]);
  });

  it('says nothing for the log while that is lost', async () => {
    const {
      content,
      clock,
      node,
      did,
      own,
      network,
      pass,
      cut,
      heal,
      random: _,
      ...world
    } = openWorld('contact/silent');
    const task = await clock.settled(publishQuoteTask('Word for word.', content, sha256));
    await clock.settled(node.postNeed(did, quoteNeed(task)));
    cut('log');
    // What it had said before it knew is tried again for a while.
    await pass(2 * FINDS_MS);
    const before = own.meter.read()['log.append_failed'] ?? 0;
    await pass(5_000);
    expect(own.meter.read()['log.append_failed'] ?? 0).toBe(before);
    heal();
    await clock.runUntil(() => node.state.needs.size === 0, { untilMs: clock.now() + 120_000 });
    const positions = network.people.map((person) => person.node.state.position);
    expect([node.state.needs.size, new Set(positions).size]).toEqual([0, 1]);
    expect(world.nodes.size).toBe(3);
  });
});
