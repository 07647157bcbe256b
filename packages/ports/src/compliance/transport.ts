import { expect } from 'vitest';
import {
  TRANSPORT_ANSWER_BYTES_MAX,
  TRANSPORT_MESSAGE_BYTES_MAX,
  TRANSPORT_REQUEST_BYTES_MAX,
  type Transport,
} from '../transport.ts';
import { hex, signal, utf8 } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface TransportHarness extends World {
  /** Opens that many more endpoints (up to 4 altogether) that reach each other. */
  connect(count: number): Promise<readonly Transport[]>;
}

/** Collects what an endpoint gets on a topic; `has` resolves once that message came. */
function listen(endpoint: Transport, topic: string) {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  const stop = endpoint.subscribe(topic, (message, from) => {
    const line = `${from}: ${new TextDecoder().decode(message)}`;
    seen.add(line);
    waiting.get(line)?.();
    return 'accept';
  });
  const has = (line: string): Promise<void> => {
    const came = signal();
    if (seen.has(line)) came.resolve();
    else waiting.set(line, () => came.resolve());
    return came.promise;
  };
  return { seen, has, stop };
}

async function three(harness: TransportHarness): Promise<readonly [Transport, Transport, Transport]> {
  const [a, b, c] = await harness.connect(3);
  if (a === undefined || b === undefined || c === undefined) return expect.fail('connect(3) gives three endpoints');
  return [a, b, c];
}

const deliveryChecks: readonly Check<TransportHarness>[] = [
  {
    name: 'delivers to every other subscriber of the topic, from whom it was, and not inside publish',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      const [atA, atB, atC] = [listen(a, 't'), listen(b, 't'), listen(c, 't')];
      await harness.settle();
      a.publish('t', utf8('one'));
      expect([...atA.seen, ...atB.seen, ...atC.seen]).toEqual([]);
      await harness.drive(Promise.all([atB.has(`${a.id}: one`), atC.has(`${a.id}: one`)]));
      b.publish('t', utf8('two'));
      await harness.drive(Promise.all([atA.has(`${b.id}: two`), atC.has(`${b.id}: two`)]));
      await harness.settle();
      expect([...atA.seen]).toEqual([`${b.id}: two`]);
      expect([...atB.seen]).toEqual([`${a.id}: one`]);
    },
  },
  {
    name: 'takes the bytes at the call and gives each handler its own copy',
    run: async (harness) => {
      const [a, b] = await three(harness);
      const got: string[] = [];
      const both = signal();
      const handler = (message: Uint8Array) => {
        got.push(hex(message));
        message.fill(0xff);
        if (got.length === 2) both.resolve();
        return 'accept' as const;
      };
      b.subscribe('t', handler);
      b.subscribe('t', handler);
      await harness.settle();
      const message = Uint8Array.of(1, 2, 3);
      a.publish('t', message);
      message.fill(9);
      await harness.drive(both.promise);
      expect(got).toEqual(['010203', '010203']);
      expect(hex(message)).toBe('090909');
    },
  },
  {
    name: 'keeps topics apart, and an ended subscription gets nothing',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      const other = listen(b, 'other');
      const ended = listen(b, 't');
      const kept = listen(c, 't');
      await harness.settle();
      ended.stop();
      ended.stop();
      await harness.settle();
      a.publish('t', utf8('one'));
      await harness.drive(kept.has(`${a.id}: one`));
      await harness.settle();
      expect([...other.seen, ...ended.seen]).toEqual([]);
    },
  },
  {
    name: 'carries messages up to the limit and refuses larger ones',
    run: async (harness) => {
      const [a, b] = await three(harness);
      const lengths: number[] = [];
      const came = signal();
      b.subscribe('t', (message) => {
        lengths.push(message.length);
        came.resolve();
        return 'accept';
      });
      await harness.settle();
      expect(() => a.publish('t', new Uint8Array(TRANSPORT_MESSAGE_BYTES_MAX + 1))).toThrow(RangeError);
      a.publish('t', new Uint8Array(TRANSPORT_MESSAGE_BYTES_MAX));
      await harness.drive(came.promise);
      await harness.settle();
      expect(new Set(lengths)).toEqual(new Set([TRANSPORT_MESSAGE_BYTES_MAX]));
    },
  },
];

const membershipChecks: readonly Check<TransportHarness>[] = [
  {
    name: 'lists the other endpoints ascending, without itself and without closed ones',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      expect(new Set([a.id, b.id, c.id]).size).toBe(3);
      for (const endpoint of [a, b, c]) {
        const others = [a, b, c].filter((other) => other !== endpoint).map((other) => other.id);
        expect(endpoint.peers()).toEqual(others.sort());
      }
      await harness.drive(b.close());
      await harness.settle();
      expect(a.peers()).toEqual([c.id]);
      expect(b.peers()).toEqual([]);
    },
  },
  {
    name: 'a closed endpoint neither gets nor sends, and closing again is harmless',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      const [atA, atB, atC] = [listen(a, 't'), listen(b, 't'), listen(c, 't')];
      await harness.settle();
      a.publish('t', utf8('under way'));
      await harness.drive(b.close());
      const before = atB.seen.size;
      await harness.drive(b.close());
      b.publish('t', utf8('from the closed'));
      c.publish('t', utf8('to the closed'));
      await harness.drive(Promise.all([atA.has(`${c.id}: to the closed`), atC.has(`${a.id}: under way`)]));
      await harness.settle();
      expect(atB.seen.size).toBe(before);
      expect([...atA.seen, ...atC.seen].filter((line) => line.includes('from the closed'))).toEqual([]);
    },
  },
];

const LIMITS = { deadlineMs: 5_000, maxBytes: 1024 } as const;

/** The code with which a request fails. */
const failure = (request: Promise<Uint8Array>): Promise<string> =>
  request.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

const requestChecks: readonly Check<TransportHarness>[] = [
  {
    name: 'asks one peer, which learns who asks, and gives its answer; both have their own bytes',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      const asked: string[] = [];
      for (const endpoint of [b, c]) {
        endpoint.serve('can/echo/1', async (request, from) => {
          asked.push(`${from} asks ${endpoint.id}: ${hex(request)}`);
          const answer = request.slice().reverse();
          request.fill(0);
          return answer;
        });
      }
      await harness.settle();
      const request = Uint8Array.of(1, 2, 3);
      const answer = a.request(b.id, 'can/echo/1', request, LIMITS);
      request.fill(9);
      expect(hex(await harness.drive(answer))).toBe('030201');
      expect(asked).toEqual([`${a.id} asks ${b.id}: 010203`]);
      expect(hex(request)).toBe('090909');
    },
  },
  {
    name: 'says why there is no answer: not served, refused, failed, too large, late, not there, closed',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      b.serve('can/refuse/1', async () => null);
      b.serve('can/fail/1', async () => Promise.reject(new Error('broken')));
      b.serve('can/large/1', async () => new Uint8Array(LIMITS.maxBytes + 1));
      b.serve('can/silent/1', () => new Promise(() => undefined));
      await harness.settle();
      const ask = (peer: string, protocol: string, deadlineMs: number = LIMITS.deadlineMs): Promise<string> =>
        harness.drive(failure(a.request(peer, protocol, Uint8Array.of(1), { ...LIMITS, deadlineMs })));
      expect(await ask(b.id, 'can/unknown/1')).toBe('refused');
      expect(await ask(b.id, 'can/refuse/1')).toBe('refused');
      expect(await ask(b.id, 'can/fail/1')).toBe('refused');
      expect(await ask(b.id, 'can/large/1')).toBe('too_large');
      expect(await ask(b.id, 'can/silent/1', 50)).toBe('deadline');
      await harness.drive(c.close());
      await harness.settle();
      expect(await ask(c.id, 'can/refuse/1')).toBe('unreachable');
      await harness.drive(a.close());
      expect(await ask(b.id, 'can/refuse/1')).toBe('closed');
    },
  },
  {
    name: 'carries requests and answers up to their limits and refuses larger ones',
    run: async (harness) => {
      const [a, b] = await three(harness);
      let got = 0;
      b.serve('can/size/1', async (request) => {
        got = request.length;
        return new Uint8Array(TRANSPORT_ANSWER_BYTES_MAX);
      });
      await harness.settle();
      const limits = { deadlineMs: 5_000, maxBytes: TRANSPORT_ANSWER_BYTES_MAX };
      const most = new Uint8Array(TRANSPORT_REQUEST_BYTES_MAX);
      const answer = await harness.drive(a.request(b.id, 'can/size/1', most, limits));
      expect([got, answer.length]).toEqual([TRANSPORT_REQUEST_BYTES_MAX, TRANSPORT_ANSWER_BYTES_MAX]);
      const larger = new Uint8Array(TRANSPORT_REQUEST_BYTES_MAX + 1);
      await expect(async () => a.request(b.id, 'can/size/1', larger, limits)).rejects.toThrow(RangeError);
      await expect(async () =>
        a.request(b.id, 'can/size/1', most, { ...limits, maxBytes: TRANSPORT_ANSWER_BYTES_MAX + 1 }),
      ).rejects.toThrow(RangeError);
    },
  },
  {
    name: 'serves a protocol once, and no longer once it is told to stop',
    run: async (harness) => {
      const [a, b] = await three(harness);
      const stop = b.serve('can/once/1', async () => Uint8Array.of(1));
      expect(() => b.serve('can/once/1', async () => null)).toThrow(Error);
      await harness.settle();
      expect(hex(await harness.drive(a.request(b.id, 'can/once/1', new Uint8Array(), LIMITS)))).toBe('01');
      stop();
      stop();
      await harness.settle();
      expect(await harness.drive(failure(a.request(b.id, 'can/once/1', new Uint8Array(), LIMITS)))).toBe('refused');
      b.serve('can/once/1', async () => Uint8Array.of(2));
      await harness.settle();
      expect(hex(await harness.drive(a.request(b.id, 'can/once/1', new Uint8Array(), LIMITS)))).toBe('02');
    },
  },
  {
    name: 'tells when its peers have changed',
    run: async (harness) => {
      const [a, b, c] = await three(harness);
      await harness.settle();
      const told: (readonly string[])[] = [];
      const came = signal();
      const stop = a.onPeers((peers) => {
        told.push(peers);
        if (!peers.includes(b.id)) came.resolve();
      });
      await harness.drive(b.close());
      await harness.drive(came.promise);
      expect(told.at(-1)).toEqual([c.id]);
      stop();
      const before = told.length;
      await harness.drive(c.close());
      await harness.settle();
      expect(told.length).toBe(before);
    },
  },
];

export const transportChecks: readonly Check<TransportHarness>[] = [
  ...deliveryChecks,
  ...membershipChecks,
  ...requestChecks,
];

/** What every `Transport` must do. */
export function transportCompliance(name: string, make: () => TransportHarness | Promise<TransportHarness>): void {
  registerSuite(`${name} is a Transport`, transportChecks, make);
}
