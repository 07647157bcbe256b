import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findServer, ServerMissing } from 'canswarm';
import type { Report, Size, Suite } from '../e2e/suite.ts';
import { commandLines } from './blocks.ts';
import { followPage } from './page.ts';
import { type Page, pages } from './pages.ts';
import { type DocsWorld, installedWorld, linkedWorld } from './world.ts';

const nameOf = ({ path }: Page): string => path.replace(/\.md$/, '');

/** Pages that install nothing and start no processes that last: a slice follows these. */
const isQuick = ({ plan }: Page): boolean =>
  !commandLines(plan.steps).some((line) => /canswarm (up|join|cluster)\b|^npm install\b/.test(line));

/** Folders of programs that the page wants to be installed; null when they are not. */
async function serversFor({ plan }: Page): Promise<readonly string[] | null> {
  if (!commandLines(plan.steps).some((line) => /canswarm cluster up\b/.test(line))) return [];
  try {
    return [dirname((await findServer('etcd', process.env)).path)];
  } catch (error) {
    if (!(error instanceof ServerMissing)) throw error;
    return null;
  }
}

/** Every page of which every sample is run; as a part by its path without suffix. */
export const docs: Suite = {
  name: 'docs',
  parts: pages().map((page) => ({ name: nameOf(page), run: (size, report) => follow([page], size, report) })),
  run: (size, report) =>
    follow(
      pages().filter((page) => size === 'full' || isQuick(page)),
      size,
      report,
    ),
};

async function follow(chosen: readonly Page[], size: Size, report: Report): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'canswarm-docs-')));
  const totals = { ran: 0, typed: 0 };
  let world: DocsWorld | null = null;
  try {
    world = size === 'full' ? await installedWorld(folder) : linkedWorld();
    for (const page of chosen) {
      const start = performance.now();
      const servers = await serversFor(page);
      if (servers === null) {
        report.say(`left out: ${page.path}, which needs an etcd. Install it with: npm run install-servers -- etcd`);
        continue;
      }
      const { problems, ran, typed } = await followPage(page.plan, world, { servers });
      totals.ran += ran;
      totals.typed += typed;
      report.metric(`${nameOf(page)}.seconds`, (performance.now() - start) / 1000);
      report.check(`${page.path}, ${ran} blocks`, problems.length === 0, problems.join('\n'));
    }
    report.metric('pages', chosen.length);
    report.metric('blocksRun', totals.ran);
    report.metric('filesTyped', totals.typed);
  } finally {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
