import type { Sink } from '../io.ts';

/** How often a long replay says where it is, ms. */
const EVERY_MS = 2000;

/** Says on a stream how far a replay of `length` entries is; silent where it takes less than two seconds. */
export function replayTicker(sink: Sink, length: number): (position: number) => void {
  const startedAt = performance.now();
  let saidAt = startedAt;
  return (position) => {
    const now = performance.now();
    if (now - saidAt < EVERY_MS) return;
    saidAt = now;
    const rate = position / ((now - startedAt) / 1000);
    const left = Math.ceil((length - position) / rate);
    sink.write(`  entry ${position} of ${length}, ${Math.round(rate)} a second, ${left} s left\n`);
  };
}
