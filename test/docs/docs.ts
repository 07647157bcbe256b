import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report, Size, Suite } from '../e2e/suite.ts';
import { commandLines } from './blocks.ts';
import { followPage } from './page.ts';
import { type Page, pages } from './pages.ts';
import { type DocsWorld, installedWorld, linkedWorld } from './world.ts';

const nameOf = ({ path }: Page): string => path.replace(/\.md$/, '');

/** Pages that install nothing and start no processes that last: a slice follows these. */
const isQuick = ({ plan }: Page): boolean =>
  !commandLines(plan.steps).some((line) => /canswarm (up|join)\b|^npm install\b/.test(line));

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
      const { problems, ran, typed } = await followPage(page.plan, world);
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
