/**
 * Ports in memory. With a virtual clock and a seed, a whole network of nodes runs in one thread and goes the same way twice:
 *
 *     const clock = virtualClock();
 *     const random = seededRandom(seed, sha256);
 *     const hub = memoryHub({ clock, random });
 *     const log = memoryLog({ clock, random, sha256 });
 *     await clock.runUntil(() => isDone(), { untilMs: 60_000 });
 */
export { type InlineRunnerOptions, inlineRunner } from './inline-runner.ts';
export type { Latency } from './latency.ts';
export { memoryContent } from './memory-content.ts';
export { ENDPOINTS_MAX, type MemoryHub, type MemoryHubOptions, memoryHub, type Weather } from './memory-hub.ts';
export { type MemoryLogOptions, memoryLog } from './memory-log.ts';
export { memoryMeter } from './memory-meter.ts';
export { memoryStore } from './memory-store.ts';
export { seededRandom } from './seeded-random.ts';
export {
  PENDING_MAX,
  type RunLimits,
  type RunReport,
  STEPS_MAX,
  type VirtualClock,
  type VirtualClockOptions,
  virtualClock,
} from './virtual-clock.ts';
