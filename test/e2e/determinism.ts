import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Suite } from './suite.ts';
import { traceOf } from './trace.ts';

const TRACE = fileURLToPath(new URL('./trace.ts', import.meta.url));
/** Places whose clocks, letters and signs differ from each other. */
const PLACES = [
  { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C' },
] as const;

const run = promisify(execFile);

async function traceElsewhere(seed: string, place: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run(process.execPath, [TRACE, seed], { env: { PATH: process.env['PATH'] ?? '', ...place } });
  return stdout.trim();
}

/** One seed, one course of events: in one process, in others, wherever they stand. Other seeds, other courses. */
export const determinism: Suite = {
  name: 'determinism',
  async run(size, report) {
    const seeds = Array.from({ length: size === 'full' ? 8 : 2 }, (_, index) => `determinism/${index}`);
    const hashes: string[] = [];
    for (const seed of seeds) {
      const [first, second] = [await traceOf(seed), await traceOf(seed)];
      report.check(`${seed} twice`, first === second, `${first} and ${second}`);
      hashes.push(first);
    }
    report.check('each seed its own hash', new Set(hashes).size === seeds.length);
    const places = size === 'full' ? PLACES : PLACES.slice(0, 1);
    const elsewhere = size === 'full' ? seeds.slice(0, 3) : seeds.slice(0, 1);
    for (const [index, seed] of elsewhere.entries()) {
      for (const place of places) {
        const hash = await traceElsewhere(seed, place);
        report.check(`${seed} in a process at ${place.TZ}`, hash === hashes[index], `${hash} and ${hashes[index]}`);
      }
    }
    report.metric('seeds', seeds.length);
    report.metric('processes', elsewhere.length * places.length);
  },
};
