import type { Chunks } from '@canswarm/api';

/** How large the pieces are in which bytes are handed to a connection. */
const CHUNK_BYTES = 65_536;
/** How long a client should wait before it comes back, ms. */
const RETRY_MS = 1_000;

/** Bytes in pieces. */
export async function* piecesOf(bytes: Uint8Array): Chunks {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/**
 * A stream that asks its source for the next piece only when the connection has taken the last, so that nothing gathers for a
 * reader that does not read. A source that fails ends the connection: `onFailure` sees to that.
 */
export function streamOf(chunks: Chunks, onFailure: (error: unknown) => void): ReadableStream<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  let isLeft = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await source.next().catch((error: unknown) => {
          onFailure(error);
          return null;
        });
        if (isLeft) return;
        if (next === null || next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        isLeft = true;
        await source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** An event of any stream. */
export interface AnyEvent {
  readonly type: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** Events in the form of `text/event-stream`, with a comment now and then while nothing happens. */
export async function* eventText(events: AsyncIterable<AnyEvent>, keepAliveMs: number): Chunks {
  const encoder = new TextEncoder();
  const source = events[Symbol.asyncIterator]();
  yield encoder.encode(`retry: ${RETRY_MS}\n\n`);
  try {
    let next = source.next();
    for (;;) {
      const got = await within(next, keepAliveMs);
      if (got === null) {
        yield encoder.encode(':\n\n');
        continue;
      }
      if (got.done === true) return;
      const { id, type, data } = got.value;
      yield encoder.encode(`${id === null ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      next = source.next();
    }
  } finally {
    await source.return?.();
  }
}

/** What a promise comes to, or null when that takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
