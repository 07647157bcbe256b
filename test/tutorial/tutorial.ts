import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLines } from '../docs/blocks.ts';
import { followPage } from '../docs/page.ts';
import { pageAt, TUTORIAL } from '../docs/pages.ts';
import type { Terminal } from '../docs/terminal.ts';
import { type DocsWorld, installedWorld, linkedWorld } from '../docs/world.ts';
import type { Report, Suite } from '../e2e/suite.ts';
import { lastLine } from '../packages/world.ts';

const COMMANDS_MAX = 8;
const PRICE = 500_000;

/**
 * The tutorial, followed to the letter in an empty folder. In full its `npm install` gets the packages as they are packed; a slice has
 * them as sources and leaves that command out.
 */
export const tutorial: Suite = {
  name: 'tutorial',
  async run(size, report) {
    const { plan, path } = pageAt(TUTORIAL);
    const lines = commandLines(plan.steps);
    report.metric('commands', lines.length);
    report.check(`it takes at most ${COMMANDS_MAX} commands`, lines.length <= COMMANDS_MAX, lines.join('; '));
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'canswarm-tutorial-')));
    let world: DocsWorld | null = null;
    try {
      world = size === 'full' ? await installedWorld(folder) : linkedWorld();
      const start = performance.now();
      const inspect = (terminal: Terminal): Promise<readonly string[]> => promised(terminal, report);
      const { problems, ran } = await followPage(plan, world, { inspect });
      report.metric('seconds', (performance.now() - start) / 1000);
      report.metric('blocksRun', ran);
      report.check(`${path} is as it says`, problems.length === 0, problems.join('\n'));
    } finally {
      await world?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** What the tutorial promises, asked for in ways that it does not show. */
async function promised(terminal: Terminal, report: Report): Promise<readonly string[]> {
  const ask = async (command: string): Promise<Readonly<Record<string, unknown>>> => {
    const { output } = await terminal.type(command);
    return lastLine({ exit: 0, out: output, err: '' });
  };
  const { needs } = await ask('npx canswarm need list --node acme --json');
  const [need] = Array.isArray(needs) ? needs : [];
  report.check(
    'the need is final and settled',
    need?.stage === 'final' && need.settledAt !== null,
    String(need?.stage),
  );
  const { ok } = await ask('npx canswarm verify out/proof --json');
  report.check('the proof holds', ok === true);
  const { accounts, sound } = await ask(`npx canswarm ledger out/proof ${String(need?.worker)} --json`);
  const free = Object(accounts)[`free/${String(need?.worker)}`];
  // A fiftieth of a price is burned; what else lacks is the log space of the bid and of what its worker said.
  const most = 20_000_000 + PRICE - PRICE / 50;
  report.check('the agent is paid its price', sound === true && free <= most && free > most - 5_000, String(free));
  const { output } = await ask('cat out/result.json');
  report.check('the result is right', Object(output).words === 6, JSON.stringify(output));
  return [];
}
