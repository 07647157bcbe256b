/**
 * The transcripts command: plays every life and every attack, and says where the law makes something else of it than its transcript.
 *
 *   npm run -s transcripts -- --json
 *   npm run -s transcripts -- a-need-that-goes-well
 *   npm run -s transcripts -- --rewrite
 *   npm run -s transcripts -- --log a-need-that-goes-well out
 *
 * `--rewrite` writes the transcripts anew: read what Git says of them before it is committed. `--log` plays one life with every
 * signature and leaves its log in a folder, as `canswarm replay` reads it.
 */
import { attacks, transcriptOf } from '../attacks/play.ts';
import { type Kind, readTranscript, removeTranscript, transcriptNames, writeTranscript } from './files.ts';
import { playScript } from './play.ts';
import { writeLog } from './signed-log.ts';
import { textDiff } from './text-diff.ts';

const args = process.argv.slice(2);
if (args[0] === '--log') {
  const [, name = '', folder = ''] = args;
  if (folder === '' || !transcriptNames('lives').includes(name)) {
    console.error(`--log NAME FOLDER; there are ${transcriptNames('lives').join(', ')}`);
    process.exit(2);
  }
  writeLog(readTranscript('lives', name), folder);
  process.exit(0);
}
const rewrite = args.includes('--rewrite');
const named = args.filter((arg) => !arg.startsWith('--'));
const scenarios = await attacks();
const lives = transcriptNames('lives');
const all: readonly (readonly [Kind, string, () => string])[] = [
  ...lives.map((name) => ['lives', name, () => playScript(readTranscript('lives', name))] as const),
  ...[...scenarios].map(([name, attack]) => ['attacks', name, () => transcriptOf(name, attack)] as const),
];
const unknown = named.find((one) => !all.some(([, name]) => name === one));
if (unknown !== undefined) {
  console.error(`no transcript ${unknown}; there are ${all.map(([, name]) => name).join(', ')}`);
  process.exit(2);
}
let [passed, failed, written] = [0, 0, 0];
for (const [kind, name, make] of all) {
  if (named.length > 0 && !named.includes(name)) continue;
  const before = readTranscript(kind, name);
  let diff: readonly string[];
  try {
    const now = make();
    diff = textDiff(before, now);
    if (rewrite && diff.length > 0) {
      writeTranscript(kind, name, now);
      written += 1;
      console.error(`wrote ${kind}/${name}`);
      diff = [];
    }
  } catch (error) {
    diff = [error instanceof Error ? error.message : String(error)];
  }
  if (diff.length === 0) passed += 1;
  else failed += 1;
  if (diff.length > 0) console.error(`FAIL ${kind}/${name}\n${diff.join('\n')}\n`);
}
for (const name of transcriptNames('attacks').filter((one) => named.length === 0 && !scenarios.has(one))) {
  if (rewrite) removeTranscript('attacks', name);
  else failed += 1;
  console.error(`${rewrite ? 'removed' : 'FAIL'} attacks/${name}: there is no such scenario`);
}
const metrics = { 'transcripts.lives': lives.length, 'transcripts.attacks': scenarios.size, written };
console.log(JSON.stringify({ suite: 'transcripts', metrics, passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
