import { TRANSPORT_PROTOCOL_LENGTH_MAX, TRANSPORT_REQUEST_BYTES_MAX } from '@canswarm/ports';
import { concat, fromUtf8, u32be, utf8 } from '@canswarm/protocol';
import type { Stream } from '@libp2p/interface';

/** First byte of an answer. */
const ANSWER = 0;
const REFUSAL = 1;

/** Why a frame cannot be read. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: 'truncated' | 'too_large' | 'malformed';

  constructor(code: 'truncated' | 'too_large' | 'malformed') {
    super(`the frame is ${code.replace('_', ' ')}`);
    this.code = code;
  }
}

/** A request: length of the protocol's name (1 byte), name, length of the body (4 bytes, big endian), body. */
export function requestFrame(protocol: string, body: Uint8Array): Uint8Array {
  const name = utf8(protocol);
  return concat([Uint8Array.of(name.length), name, u32be(body.length), body]);
}

/** An answer: ANSWER, length of the body (4 bytes, big endian), body; or REFUSAL alone. */
export const answerFrame = (body: Uint8Array | null): Uint8Array =>
  body === null ? Uint8Array.of(REFUSAL) : concat([Uint8Array.of(ANSWER), u32be(body.length), body]);

/** Reads a stream piece by piece and never holds more than was asked for and one chunk. */
export class FrameReader {
  readonly #chunks: AsyncIterator<Uint8Array | { subarray(): Uint8Array }>;
  #held: Uint8Array = new Uint8Array();

  constructor(stream: Stream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `length` bytes. Rejects with a FrameError `truncated` when the stream ends before. */
  async take(length: number): Promise<Uint8Array> {
    const parts = [this.#held];
    let size = this.#held.length;
    while (size < length) {
      const { value, done } = await this.#chunks.next();
      if (done === true) throw new FrameError('truncated');
      const chunk = value.subarray();
      parts.push(chunk);
      size += chunk.length;
    }
    const all = concat(parts);
    this.#held = all.subarray(length);
    return all.slice(0, length);
  }

  async #body(most: number): Promise<Uint8Array> {
    const [a = 0, b = 0, c = 0, d = 0] = await this.take(4);
    const length = a * 0x1000000 + b * 0x10000 + c * 0x100 + d;
    if (length > most) throw new FrameError('too_large');
    return this.take(length);
  }

  async request(): Promise<{ readonly protocol: string; readonly body: Uint8Array }> {
    const [length = 0] = await this.take(1);
    if (length === 0 || length > TRANSPORT_PROTOCOL_LENGTH_MAX) throw new FrameError('malformed');
    const protocol = fromUtf8(await this.take(length));
    if (protocol === undefined) throw new FrameError('malformed');
    return { protocol, body: await this.#body(TRANSPORT_REQUEST_BYTES_MAX) };
  }

  /** The answer's body, or null for a refusal. */
  async answer(most: number): Promise<Uint8Array | null> {
    const [kind] = await this.take(1);
    if (kind === REFUSAL) return null;
    if (kind !== ANSWER) throw new FrameError('malformed');
    return this.#body(most);
  }
}
