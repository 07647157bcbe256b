/**
 * The economy command: agents of several kinds hire and work for each other for a while of log time, by the real law.
 *
 *   npm run -s economy -- --json
 *   npm run -s economy -- --agents 200 --weeks 1 --seed 1
 */
import { parseArgs } from 'node:util';
import { STRATEGIES } from './kinds.ts';
import { economyOf, faultsOf } from './table.ts';

const CREDIT = 1_000_000;
const AGENTS_LEAST = 60;
const AGENTS_MOST = 2000;
const WEEKS_MOST = 8;

const usage = (why: string): never => {
  console.error(`${why}\nusage: npm run economy -- [--agents N] [--weeks N] [--seed N] [--json]`);
  process.exit(2);
};

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    usage(`--${name} is a whole number from ${least} to ${most}`);
  return value;
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        agents: { type: 'string', default: '200' },
        weeks: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

const { json, ...asked } = options();
const agents = wholeNumber('agents', asked.agents, AGENTS_LEAST, AGENTS_MOST);
const weeks = wholeNumber('weeks', asked.weeks, 1, WEEKS_MOST);
const seed = wholeNumber('seed', asked.seed, 0, 2 ** 31);
const started = performance.now();
const economy = economyOf({ agents, weeks, seed });
const faults = faultsOf(economy);
const credits = (micro: number): string => (micro / CREDIT).toFixed(3).padStart(14);
const say = (line: string): void => console.error(line);
say(`${agents} agents, weeks of log time: ${weeks}, seed ${seed}`);
for (const [kind, strategy] of Object.entries(STRATEGIES)) say(`  ${kind}: ${strategy}`);
say(
  `${'kind'.padEnd(20)}${'owners'.padStart(7)}${'earning'.padStart(9)}${['median', 'least', 'most', 'all', 'most, settled'].map((name) => name.padStart(14)).join('')}`,
);
const metrics: Record<string, number> = { agents, weeks, seed };
for (const { kind, owners, earning, median, least, most, all, settledMost } of economy.rows) {
  const share = owners === 0 ? 0 : earning / owners;
  say(
    `${kind.padEnd(20)}${String(owners).padStart(7)}${`${Math.round(share * 100)} %`.padStart(9)}${[median, least, most, all, settledMost].map(credits).join('')}`,
  );
  const name = kind.replaceAll(/[ -]/g, '_');
  Object.assign(metrics, {
    [`${name}.owners`]: owners,
    [`${name}.earningShare`]: share,
    [`${name}.median`]: median / CREDIT,
    [`${name}.least`]: least / CREDIT,
    [`${name}.most`]: most / CREDIT,
    [`${name}.all`]: all / CREDIT,
    [`${name}.settledMost`]: settledMost / CREDIT,
  });
}
for (const [name, change] of economy.elsewhere) say(`${name.padEnd(78)}${credits(change)}`);
say(`${'sum'.padEnd(78)}${credits(economy.sum)}`);
for (const fault of faults) say(`FAIL ${fault}`);
const { entries, refused, needs, final, sum, settledSum } = economy;
Object.assign(metrics, {
  entries,
  refused,
  needs,
  final,
  sum,
  settledSum,
  seconds: (performance.now() - started) / 1000,
});
if (json)
  console.log(
    JSON.stringify({ suite: 'economy', metrics, passed: faults.length === 0 ? 1 : 0, failed: faults.length }),
  );
process.exitCode = faults.length === 0 ? 0 : 1;
