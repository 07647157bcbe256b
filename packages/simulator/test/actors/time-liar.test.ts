import { SHARD } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { Ear } from '../../src/actors/ear.ts';
import { TimeLiar } from '../../src/actors/time-liar.ts';
import { Voice } from '../../src/actors/voice.ts';
import { quoteNeed } from '../../src/workload/quote-need.ts';
import { publishQuoteTask } from '../../src/workload/quote-skill.ts';
import { createWorld } from '../../src/world/world.ts';

describe('liars about time', () => {
  it.each([
    [2, 'is right'],
    [16, 'runs ahead of every clock'],
  ])('where %i of sixteen verifiers are, log time %s', async (count, due) => {
    const world = createWorld({ seed: 'time', hosts: 4 });
    const { network, hub, log, clock, crypto, random, content } = world;
    const { did, node } = network.person('requester');
    const transport = hub.endpoint('liars');
    const voice = new Voice({
      transport,
      log,
      shard: SHARD,
      clock,
      crypto,
      keys: random.stream('keys of strangers'),
      state: () => node.state,
    });
    const ear = new Ear(transport, log, SHARD, () => undefined);
    const verifiers = network.people.filter(({ member }) => member.verifier).slice(0, count);
    const signers = verifiers.map(({ identity }) => identity.signer);
    const liar = new TimeLiar(voice, ear, signers, random.stream('liars'), clock);
    network.start();
    const act = (): void => {
      liar.act();
      clock.schedule(100, act);
    };
    act();
    const task = await clock.settled(publishQuoteTask('Word for word.', content, crypto.sha256));
    await clock.settled(node.postNeed(did, quoteNeed(task)));
    await clock.runUntil(() => node.state.time > clock.now(), { untilMs: clock.now() + 5_000 });
    expect(node.state.time > clock.now() ? 'runs ahead of every clock' : 'is right').toBe(due);
    expect(node.state.time).toBeGreaterThan(network.genesis.time);
  });
});
