/** Reads the binary format of WebAssembly front to back. Whatever does not fit it throws. */
export class Cursor {
  readonly bytes: Uint8Array;
  /** Place of the next byte to read. */
  offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
  }

  get atEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.offset];
    if (byte === undefined) throw new Error('the module ends in the middle of something');
    this.offset += 1;
    return byte;
  }

  /** An unsigned number of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error('a number has more than 32 bits');
  }

  /** Leaves out a number of any size and sign. */
  skipNumber(): void {
    while (this.byte() >= 128);
  }

  skip(length: number): void {
    this.offset += length;
    if (this.offset > this.bytes.length) throw new Error('the module ends in the middle of something');
  }

  take(length: number): Uint8Array {
    const start = this.offset;
    this.skip(length);
    return this.bytes.subarray(start, this.offset);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.unsigned()));
  }
}

/** An unsigned number as the format has it. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}

/** A signed number of at most 32 bits as the format has it. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const last = rest >= -64 && rest < 64;
    bytes.push((rest & 127) | (last ? 0 : 128));
    if (last) return bytes;
  }
}

export function concatenated(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
