/** Longest file of an output, bytes: both together are within what an output may have. */
const OUTPUT_BYTES_MAX = 62_914_560;
const CHUNK_CHARS = 1_048_576;

/** Lines of a file as they are made, kept as bytes. What goes beyond the longest file is left out and said. */
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

  /** The file, or undefined when it would be too long. */
  bytes(): Uint8Array | undefined {
    this.#close();
    return this.#bytes > OUTPUT_BYTES_MAX ? undefined : Buffer.concat(this.#chunks);
  }

  #close(): void {
    const chunk = Buffer.from(this.#open.join(''), 'utf8');
    this.#bytes += chunk.length;
    if (this.#bytes <= OUTPUT_BYTES_MAX) this.#chunks.push(chunk);
    this.#open = [];
    this.#openChars = 0;
  }
}
