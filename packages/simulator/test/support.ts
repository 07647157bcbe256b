import { sodiumCrypto } from '@canswarm/local';
import { type VirtualClock, virtualClock } from '@canswarm/memory';

export const { sha256 } = sodiumCrypto();

/** A virtual world at rest, as the compliance suites drive it. */
export function atRest(clock: VirtualClock = virtualClock()) {
  return {
    clock,
    drive: <T>(promise: Promise<T>) => clock.settled(promise),
    settle: async () => {
      await clock.runUntil(() => false);
    },
    dispose: async () => {},
  };
}
