import { createHash } from 'node:crypto';
import { realWorld, type World } from '../../src/compliance/index.ts';

/** A world of real time whose patience is short: what a toy does, it does at once. */
export function toyWorld(boundMs = 150): World {
  return realWorld(async () => {}, { boundMs, settleMs: 5 });
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** A turn of the event loop. */
export function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
