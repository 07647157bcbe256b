import type { TransportError } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { memoryHub, seededRandom, virtualClock, type Weather } from '../src/index.ts';
import { sha256 } from './world.ts';

const random = (seed: number) => seededRandom(Uint8Array.of(seed), sha256);

/** Three endpoints that answer each other for a while; the lines say who got what, and when. */
async function chatter(seed: number): Promise<readonly string[]> {
  const clock = virtualClock();
  const hub = memoryHub({ clock, random: random(seed), latencyMs: { min: 2, max: 9 } });
  const lines: string[] = [];
  for (const id of ['a', 'b', 'c']) {
    const endpoint = hub.endpoint(id);
    endpoint.subscribe('t', (message, from) => {
      lines.push(`${clock.now()} ${from}>${id} ${message.length}`);
      if (message.length < 5) endpoint.publish('t', new Uint8Array(message.length + 1));
      return 'accept';
    });
    if (id === 'a') clock.schedule(1, () => endpoint.publish('t', new Uint8Array(1)));
  }
  await clock.runUntil(() => false);
  return lines;
}

describe('memoryHub', () => {
  it('goes the same way for the same seed and another way for another', async () => {
    const first = await chatter(1);
    expect(first).toHaveLength(2 + 4 + 8 + 16 + 32);
    expect(await chatter(1)).toEqual(first);
    expect(await chatter(2)).not.toEqual(first);
  });

  it('delivers within the latency range, each message at a time of its own', async () => {
    const clock = virtualClock();
    const hub = memoryHub({ clock, random: random(1), latencyMs: { min: 10, max: 13 } });
    const times = new Set<number>();
    hub.endpoint('b').subscribe('t', () => {
      times.add(clock.now());
      return 'ignore';
    });
    const a = hub.endpoint('a');
    for (let i = 0; i < 100; i += 1) a.publish('t', Uint8Array.of(i));
    await clock.runUntil(() => false);
    expect([...times].sort()).toEqual([10, 11, 12, 13]);
  });

  it('gives each receiver bytes of its own, or all the same where that is asked for', async () => {
    for (const areBytesShared of [false, true]) {
      const clock = virtualClock();
      const hub = memoryHub({ clock, random: random(1), areBytesShared });
      const got = new Set<Uint8Array>();
      for (const id of ['b', 'c'])
        hub.endpoint(id).subscribe('t', (message) => {
          got.add(message);
          return 'ignore';
        });
      const sent = utf8('said once');
      hub.endpoint('a').publish('t', sent);
      await clock.runUntil(() => false);
      expect([...got].map((message) => new TextDecoder().decode(message))).toContain('said once');
      expect(got.size).toBe(areBytesShared ? 1 : 2);
      expect(got).not.toContain(sent);
    }
  });

  it('takes an endpoint away with what is on the way to it, but not what it had sent', async () => {
    const clock = virtualClock();
    const hub = memoryHub({ clock, random: random(1) });
    const [a, b] = [hub.endpoint('a'), hub.endpoint('b')];
    const seen: string[] = [];
    for (const endpoint of [a, b]) {
      endpoint.subscribe('t', (message, from) => {
        seen.push(`${from}>${endpoint.id} ${new TextDecoder().decode(message)}`);
        return 'accept';
      });
    }
    a.publish('t', utf8('to the removed'));
    b.publish('t', utf8('last words'));
    hub.remove('b');
    hub.remove('b');
    b.publish('t', utf8('from the grave'));
    expect([hub.ids(), a.peers(), b.peers()]).toEqual([['a'], [], []]);
    const heir = hub.endpoint('b');
    await clock.runUntil(() => false);
    expect(seen).toEqual(['b>a last words']);
    await b.close();
    expect(a.peers()).toEqual([heir.id]);
  });

  it('lets through what the weather lets through, as often and as late', async () => {
    const clock = virtualClock();
    const cut = new Set(['a>c']);
    const weather: Weather = {
      deliveries: (from, to) => (cut.has(`${from}>${to}`) ? [] : from === 'a' ? [2, 9] : [1]),
      reaches: (from, to) => !cut.has(`${from}>${to}`),
    };
    const hub = memoryHub({ clock, random: random(1), weather });
    const [a, b, c] = [hub.endpoint('a'), hub.endpoint('b'), hub.endpoint('c')];
    const seen: string[] = [];
    for (const endpoint of [a, b, c]) {
      endpoint.subscribe('t', (_, from) => {
        seen.push(`${clock.now()} ${from}>${endpoint.id}`);
        return 'accept';
      });
      endpoint.serve('echo', async (request) => request);
    }
    const told: (readonly string[])[] = [];
    a.onPeers((peers) => told.push(peers));
    a.publish('t', utf8('twice'));
    c.publish('t', utf8('once'));
    const ask = (peer: string) => a.request(peer, 'echo', utf8('?'), { deadlineMs: 50, maxBytes: 9 });
    const [unreached, answered] = [ask('c').catch((error: TransportError) => error.code), ask('b')];
    await clock.runUntil(() => false);
    expect(seen).toEqual(['1 c>a', '1 c>b', '2 a>b', '9 a>b']);
    expect([await unreached, await answered]).toEqual(['unreachable', utf8('?')]);
    // The question arrives and the answer does not.
    cut.clear();
    cut.add('b>a');
    hub.turned();
    const lost = ask('b').catch((error: TransportError) => error.code);
    await clock.runUntil(() => false);
    expect([await lost, told.at(-1), b.peers()]).toEqual(['deadline', ['b', 'c'], ['c']]);
  });

  it('refuses an id twice and a latency that is no range', () => {
    const clock = virtualClock();
    const hub = memoryHub({ clock, random: random(1) });
    hub.endpoint('a');
    expect(() => hub.endpoint('a')).toThrow('already an endpoint');
    for (const latencyMs of [
      { min: -1, max: 1 },
      { min: 2, max: 1 },
      { min: 0, max: 0.5 },
    ]) {
      expect(() => memoryHub({ clock, random: random(1), latencyMs })).toThrow(RangeError);
    }
  });
});
