import { createHash } from 'node:crypto';
import { type VirtualClock, virtualClock } from '../src/index.ts';

/** SHA-256 by Node, for what the adapters have injected. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** A virtual world at rest: `drive` runs it until something settles, `settle` until nothing is left to happen. */
export function virtualWorld(clock: VirtualClock = virtualClock()) {
  return {
    clock,
    drive: <T>(promise: Promise<T>) => clock.settled(promise),
    settle: async () => {
      await clock.runUntil(() => false);
    },
    dispose: async () => {},
  };
}
