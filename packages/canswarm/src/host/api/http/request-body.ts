import type { Body, Chunks } from '@canswarm/api';
import { Problem } from './problem.ts';

interface Reading {
  /** Bytes at most. */
  readonly bytesMax: number;
  /** When the request must have arrived, by `performance.now()`. */
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

/** Refuses a body by its headers alone. Throws a Problem. */
export function checkBodyHeaders(headers: Headers, body: Body): void {
  const due = body.kind === 'json' ? 'application/json' : body.mediaType;
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== due) throw new Problem('unsupported_media', `the body is due as ${due}`, `Set Content-Type: ${due}`);
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new Problem('unsupported_media', 'the body is due without a content encoding', 'Send it uncompressed.');
  }
  const length = Number(headers.get('content-length') ?? 0);
  if (length > body.bytesMax) throw tooLarge(body.bytesMax);
}

const tooLarge = (bytesMax: number): Problem => new Problem('too_large', `the body has more than ${bytesMax} bytes`);

/** The bytes of a body as they come, within its limits. Throws a Problem, or what the connection fails with. */
export async function* bodyChunks(body: ReadableStream<Uint8Array> | null, reading: Reading): Chunks {
  if (body === null) return;
  const { bytesMax, untilMs, signal } = reading;
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const timer = setTimeout(
    () => late.reject(new Problem('timeout', 'the body took too long to arrive')),
    untilMs - performance.now(),
  );
  const gone = (): void => late.reject(new Error('the connection ended'));
  signal.addEventListener('abort', gone, { once: true });
  const reader = body.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return;
      size += value.length;
      if (size > bytesMax) throw tooLarge(bytesMax);
      yield value;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', gone);
    // Cancelling would end the connection before the answer is out: what is left is let go after it.
    reader.releaseLock();
  }
}

/** A whole body. */
export async function wholeBody(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** A whole body as JSON. Throws a Problem `malformed`. */
export async function jsonBody(chunks: Chunks): Promise<unknown> {
  const bytes = await wholeBody(chunks);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('malformed', 'the body is no JSON in UTF-8');
  }
}
