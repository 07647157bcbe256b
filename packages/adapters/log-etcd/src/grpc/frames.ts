/** Longest message that is taken from a server, in bytes: what one read may ask for is far below it. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;
const HEAD_BYTES = 5;

/** A message as gRPC frames it: not compressed, its length, its bytes. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, HEAD_BYTES);
  return frame;
}

/** Cuts a stream of bytes into messages. Throws for what is no frame or longer than any answer is. */
export class Unframer {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes below which nothing can be cut off: chunks are joined once for each head and each message. */
  #needed = HEAD_BYTES;

  /** Whether a message was begun and is not there yet. */
  get isInside(): boolean {
    return this.#length > 0;
  }

  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): Buffer | null {
    if (this.#length < this.#needed) return null;
    const head = this.#join();
    if (head.readUInt8(0) !== 0) throw new Error('the server answers with what is not asked for: a compressed message');
    const bytes = head.readUInt32BE(1);
    if (bytes > MESSAGE_BYTES_MAX) throw new Error(`a message of ${bytes} bytes is longer than any answer is`);
    this.#needed = HEAD_BYTES + bytes;
    if (this.#length < this.#needed) return null;
    const all = head;
    this.#needed = HEAD_BYTES;
    const rest = all.subarray(HEAD_BYTES + bytes);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    return all.subarray(HEAD_BYTES, HEAD_BYTES + bytes);
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    const all = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
