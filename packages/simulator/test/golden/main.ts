/**
 * Runs the seeds whose traces are known, and says which went another way. Any Node that the packages run on may run it.
 *
 *   npm run -s sim:golden -- --json
 *   npm run -s sim:golden -- --write     after the law or nodes changed on purpose
 *   /path/to/another/node packages/simulator/test/golden/main.ts --json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { planOf, simulate } from '../../src/index.ts';

const FILE = new URL('hashes.json', import.meta.url);
const SEEDS = [1, 2, 3, 4, 5, 6];

const known = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, string>>;
const found: Record<string, string> = {};
let failed = 0;
for (const seed of SEEDS) {
  const { traceHash, faults } = await simulate(planOf({ seed, mode: 'swarm', nodes: 3, needs: 4 }));
  found[seed] = traceHash;
  const isSame = known[seed] === traceHash && faults.length === 0;
  if (!isSame) failed += 1;
  console.error(
    `${isSame ? 'same ' : 'OTHER'} seed ${seed}: ${traceHash} ${faults.map(({ property }) => property).join(' ')}`,
  );
}
if (process.argv.includes('--write')) {
  writeFileSync(FILE, `${JSON.stringify(found, null, 2)}\n`);
  failed = 0;
}
const metrics = { 'golden.seeds': SEEDS.length, 'golden.nodeMajor': Number(process.versions.node.split('.')[0]) };
console.log(JSON.stringify({ suite: 'sim:golden', metrics, passed: SEEDS.length - failed, failed }));
process.exit(failed === 0 ? 0 : 1);
