/**
 * The histories command: replays the stored histories of every release by the rules as they are now.
 *
 *   npm run -s histories -- --json
 *   npm run -s histories -- --record
 *   npm run -s histories -- --add NAME --from out/proof --about 'What happens in it.'
 *
 * `--record` stores those of the present version, until it is released; `--add` another of it, from an export.
 */
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { localCrypto, readLog } from 'canswarm';
import { folderOf, judgeHistory, presentVersion, storedHistories, storeHistory } from './histories.ts';
import { releaseHistories } from './record.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    record: { type: 'boolean' },
    add: { type: 'string' },
    from: { type: 'string' },
    about: { type: 'string' },
  },
});

/** Whether the present version has a history of this name that replays. */
function stands(name: string): boolean {
  const folder = folderOf(presentVersion(), name);
  return storedHistories().includes(folder) && judgeHistory(folder).divergence === null;
}

if (values.record === true) {
  for (const history of await releaseHistories(stands)) {
    const { version, name, entries } = storeHistory(history);
    console.error(`stored ${version}/${name}, ${entries} entries`);
  }
}
if (values.add !== undefined) {
  const { add: name, from = '', about = '' } = values;
  const log = readLog(from, { sha256: localCrypto().sha256 });
  if (from === '' || about === '' || !log.ok) {
    console.error(`--add NAME needs --from FOLDER and --about TEXT${log.ok ? '' : `: ${log.file}: ${log.detail}`}`);
    process.exit(2);
  }
  storeHistory({ name, about, genesis: log.genesis, entries: log.entries.map(({ bytes }) => bytes) });
}
let [passed, failed, entries] = [0, 0, 0];
for (const folder of storedHistories()) {
  const { record, divergence } = judgeHistory(folder);
  entries += record.entries;
  if (divergence === null) passed += 1;
  else failed += 1;
  const at = divergence !== null && 'position' in divergence ? ` at entry ${divergence.position}` : '';
  const name = join(basename(dirname(folder)), basename(folder));
  console.error(divergence === null ? `ok   ${name}` : `FAIL ${name}${at}: ${divergence.detail} [${divergence.code}]`);
}
console.log(JSON.stringify({ suite: 'histories', metrics: { histories: passed + failed, entries }, passed, failed }));
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
