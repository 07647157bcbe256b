import { expect } from 'vitest';

const encoder = new TextEncoder();

/** UTF-8 bytes of `value`. */
export function utf8(value: string): Uint8Array {
  return encoder.encode(value);
}

/** Bytes as lower-case hexadecimal, to compare and to read in failures. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes of lower-case hexadecimal. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** What `action` throws; fails when it throws nothing. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}

/** What `promise` rejects with; fails when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return expect.fail('it resolved instead of rejecting');
}

/** Expects an error of that class with that code. */
export function expectCode(error: unknown, kind: abstract new (...args: never[]) => Error, code: string): void {
  expect(error).toBeInstanceOf(kind);
  expect(error).toHaveProperty('code', code);
}

/** A promise with its own resolve. */
export function signal<T = void>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}
