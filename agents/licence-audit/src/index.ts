/**
 * A licence audit of an npm lockfile, with citations into the installed packages:
 *
 *     const { files, skipped } = await gatherLockfile('.');
 *     // hand `files` to the agent with { deny: ['GPL-3.0-only'] }, and judge what it gives by `check`
 */
export { agent } from './agent.ts';
export { check } from './check/check.ts';
export { type GatheredLockfile, gatherLockfile, type SkippedFile } from './gather/gather-lockfile.ts';
