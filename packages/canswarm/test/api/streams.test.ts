import { ApiClient, ApiError, bytesOf, httpTransport, type NeedEvent } from '@canswarm/api';
import { afterEach, describe, expect, it } from 'vitest';
import { begin } from './ask.ts';
import { type Elsewhere, openElsewhere, TOKEN } from './elsewhere.ts';
import { BRIEF, Running } from './running.ts';

const opened: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.remove();
});

const NEED = `bafyreia${'a'.repeat(51)}`;
const WAIT = { timeout: 20_000, interval: 20 };
const END = { stage: 'final', worker: null, reason: null, settledAt: 1 } as const;

async function elsewhere(...args: Parameters<typeof openElsewhere>): Promise<Elsewhere> {
  const server = await openElsewhere(...args);
  opened.push({ remove: () => server.close() });
  return server;
}

const clientOf = ({ address }: Elsewhere): ApiClient =>
  new ApiClient(httpTransport({ baseUrl: address, token: TOKEN }));

/** A story in which nothing happens, and how many read it. */
function silence(): { readonly handlers: Parameters<typeof openElsewhere>[0]; readonly readers: { now: number } } {
  const readers = { now: 0 };
  async function* nothing(signal: AbortSignal): AsyncGenerator<NeedEvent> {
    readers.now += 1;
    try {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      yield { type: 'end', id: '1.1', data: { needId: NEED, ...END } };
    } finally {
      readers.now -= 1;
    }
  }
  return { readers, handlers: { health: () => ({ ok: true }), needEvents: (_, { signal }) => nothing(signal) } };
}

async function read(client: ApiClient, signal?: AbortSignal): Promise<NeedEvent[]> {
  const events: NeedEvent[] = [];
  const options = signal === undefined ? {} : { signal };
  for await (const event of client.needEvents({ id: NEED }, options)) events.push(event);
  return events;
}

describe('a need of a node', () => {
  it('is told on after any event, over a restart too: nothing is lost and nothing comes twice', async () => {
    const node = await (await Running.found()).start();
    opened.push(node);
    const { needId } = await node.client().postBrief({ body: BRIEF });
    const seen: NeedEvent[] = [];
    for (let rounds = 0; seen.at(-1)?.type !== 'end'; rounds += 1) {
      for await (const event of node.far().needEvents({ id: needId, lastEventId: seen.at(-1)?.id ?? '0.0' })) {
        seen.push(event);
        if (seen.length % 3 === 0) break;
      }
      if (rounds !== 1) continue;
      await node.stop();
      await node.start();
    }
    const whole: NeedEvent[] = [];
    for await (const event of node.far().needEvents({ id: needId })) whole.push(event);
    expect(whole[0]).toMatchObject({ type: 'record', id: null });
    expect(seen).toEqual(whole.slice(1));
    const after = node.far().needEvents({ id: needId, lastEventId: seen.at(-1)?.id ?? '' });
    expect(await after.next()).toEqual({ done: true, value: undefined });
    expect(node.defects).toEqual([]);
  });
});

describe('a stream', () => {
  it('lets everything go when its reader leaves', async () => {
    const { handlers, readers } = silence();
    const server = await elsewhere(handlers);
    const gone = new AbortController();
    const left = Array.from({ length: 5 }, () => read(clientOf(server), gone.signal).catch((error: unknown) => error));
    await expect.poll(() => readers.now, WAIT).toBe(5);
    gone.abort(new Error('enough'));
    expect(await Promise.all(left)).toEqual(Array(5).fill(gone.signal.reason));
    await expect.poll(() => readers.now, WAIT).toBe(0);
    await expect.poll(() => server.connections(), WAIT).toBe(0);
    expect(server.defects).toEqual([]);
  });

  it('tells its reader when the node goes away', async () => {
    const { handlers, readers } = silence();
    const server = await elsewhere(handlers);
    const left = read(clientOf(server)).catch((error: unknown) => error);
    await expect.poll(() => readers.now, WAIT).toBe(1);
    await server.close();
    expect(await left).toBeInstanceOf(ApiError);
    expect(await left).toMatchObject({ status: 0, code: 'unreachable' });
    await expect.poll(() => readers.now, WAIT).toBe(0);
  });

  it('says something now and then while nothing happens', async () => {
    const server = await elsewhere(silence().handlers, { keepAliveMs: 20 });
    const headers = { authorization: `Bearer ${TOKEN}` };
    const { call, answer } = begin(server, { path: `/v1/needs/${NEED}/events`, headers });
    let text = '';
    for await (const chunk of await answer) {
      text += String(chunk);
      if (text.length > 20) break;
    }
    call.destroy();
    expect(text).toMatch(/^retry: 1000\n\n(?::\n\n){3}/);
  });

  it('ends when it fails midway, and nothing of the failure is told', async () => {
    async function* failing(): AsyncGenerator<NeedEvent> {
      yield { type: 'gap', id: null, data: { after: 0, until: 1 } };
      throw new Error('nobody foresaw it');
    }
    const server = await elsewhere({ needEvents: () => failing() });
    const headers = { authorization: `Bearer ${TOKEN}` };
    const { answer } = begin(server, { path: `/v1/needs/${NEED}/events`, headers });
    let text = '';
    const cut = (async () => {
      for await (const chunk of await answer) text += String(chunk);
    })();
    await expect(cut).rejects.toThrow();
    expect(text).not.toContain('foresaw');
    expect(server.defects).toHaveLength(1);
  });

  it('lets 1 000 read at once, and a thousand and more not', async () => {
    const { handlers, readers } = silence();
    const server = await elsewhere(handlers);
    const gone = new AbortController();
    const reading = Array.from({ length: 1_000 }, () =>
      read(clientOf(server), gone.signal).catch((error: unknown) => error),
    );
    await expect.poll(() => readers.now, WAIT).toBe(1_000);
    expect(await clientOf(server).health()).toEqual({ ok: true });
    const more = Array.from({ length: 100 }, () =>
      read(clientOf(server), gone.signal).catch((error: unknown) => error),
    );
    const refused = await Promise.race(more);
    expect(refused).toMatchObject({ code: 'unreachable' });
    await expect.poll(() => readers.now, WAIT).toBe(1_024);
    gone.abort(new Error('enough'));
    await Promise.all([...reading, ...more]);
    await expect.poll(() => [readers.now], WAIT).toEqual([0]);
    await expect.poll(() => server.connections(), WAIT).toBe(0);
    expect(server.defects).toEqual([]);
  });
});

describe('a download', () => {
  const PIECE = 65_536;
  const MANY = 16_384;

  /** Bytes without end, as far as a test goes, and how many pieces were asked for. */
  function plenty(): {
    readonly handlers: Parameters<typeof openElsewhere>[0];
    readonly asked: { pieces: number; open: number };
  } {
    const asked = { pieces: 0, open: 0 };
    async function* pieces(): AsyncGenerator<Uint8Array> {
      asked.open += 1;
      try {
        for (; asked.pieces < MANY; asked.pieces += 1) yield new Uint8Array(PIECE).fill(asked.pieces);
      } finally {
        asked.open -= 1;
      }
    }
    return {
      asked,
      handlers: { getBlock: () => ({ size: PIECE * MANY, chunks: pieces() }), health: () => ({ ok: true }) },
    };
  }

  it('is let go when its reader takes nothing, having gathered nothing for it, and others are served', async () => {
    const { asked, handlers } = plenty();
    const server = await elsewhere(handlers, { stallMs: 400 });
    const stream = await clientOf(server).getBlock({ cid: NEED });
    await expect.poll(() => asked.open, WAIT).toBe(1);
    expect(await clientOf(server).health()).toEqual({ ok: true });
    await expect.poll(() => asked.open, WAIT).toBe(0);
    expect(asked.pieces).toBeLessThan(MANY / 8);
    await expect(
      bytesOf({ ...stream, size: null, [Symbol.asyncIterator]: stream[Symbol.asyncIterator] }, PIECE * MANY),
    ).rejects.toMatchObject({
      code: 'unreachable',
    });
    await expect.poll(() => server.connections(), WAIT).toBe(0);
    expect(server.defects).toEqual([]);
  });

  it('lets everything go when its reader leaves', async () => {
    const { asked, handlers } = plenty();
    const server = await elsewhere(handlers);
    for await (const chunk of await clientOf(server).getBlock({ cid: NEED })) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => asked.open, WAIT).toBe(0);
    expect(server.defects).toEqual([]);
  });
});
