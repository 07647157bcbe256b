import type { World } from './suite.ts';

/**
 * The world of adapters on the machine's own clock: things go on by themselves. `boundMs` is how long a check may wait for
 * one thing; `settleMs` is how long after the last thing the world counts as at rest.
 */
export function realWorld(dispose: () => Promise<void>, { boundMs = 60_000, settleMs = 20 } = {}): World {
  return {
    drive: (promise) => within(promise, boundMs),
    settle: () => new Promise((resolve) => setTimeout(resolve, settleMs)),
    dispose,
  };
}

async function within<T>(promise: Promise<T>, boundMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not settled within ${boundMs} ms`)), boundMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
