/** Longest file of an output, bytes: all five together are within what an output may have. */
const OUTPUT_BYTES_MAX = 25_165_824;
const CHUNK_CHARS = 262_144;

/** An output that would have a longer file than may be. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Lines of a file as they are made, kept as bytes. Throws TooLargeError once they are too many. */
export class OutputLines {
  readonly #chunks: Uint8Array[] = [];
  #open: string[] = [];
  #openChars = 0;
  #bytes = 0;

  add(line: string): void {
    this.#open.push(line);
    this.#openChars += line.length;
    if (this.#openChars >= CHUNK_CHARS) this.#close();
  }

  bytes(): Uint8Array {
    this.#close();
    return Buffer.concat(this.#chunks);
  }

  #close(): void {
    const chunk = Buffer.from(this.#open.join(''), 'utf8');
    this.#bytes += chunk.length;
    if (this.#bytes > OUTPUT_BYTES_MAX) throw new TooLargeError(`a file has more than ${OUTPUT_BYTES_MAX} bytes`);
    this.#chunks.push(chunk);
    this.#open = [];
    this.#openChars = 0;
  }
}
