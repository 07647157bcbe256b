/**
 * Ports on this machine: keys, files, time, randomness and worker threads.
 *
 *     const store = sqliteStore({ path: join(home, 'store.sqlite') });
 *     const signer = softwareSigner(seed);
 *     const clock = systemClock();
 */
export { nodeCrypto } from './node-crypto.ts';
export { sha256 } from './sha256.ts';
export { sodiumCrypto } from './sodium-crypto.ts';
export { softwareSigner } from './software-signer.ts';
export { type SqliteStoreOptions, sqliteStore } from './sqlite-store.ts';
export { type SystemClockOptions, systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
export type { ContentModule, ThreadData } from './threads/messages.ts';
export { THREADS_MAX, type ThreadRunnerOptions, threadRunner } from './threads/thread-runner.ts';
