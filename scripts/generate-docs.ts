/**
 * Writes the reference of the packages `canswarm` and `@canswarm/agent`, from the docstrings of what they export, and of the command,
 * from the definitions of its commands.
 *
 *   npm run generate:docs
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatted } from './api/format.ts';
import { commandText } from './reference/command-text.ts';
import { ExportFinder } from './reference/exports.ts';
import { packageText } from './reference/package-text.ts';
import { openRepository } from './repository/repository.ts';

const ROOT = new URL('..', import.meta.url);

const PAGES = [
  {
    name: '@canswarm/agent',
    page: 'agent.md',
    about:
      'What people write agents with, and what everybody needs to hand them work and to judge what they give. Begin with [how to write an agent](../how-to/write-an-agent.md).',
  },
  {
    name: 'canswarm',
    page: 'canswarm.md',
    about:
      'A whole network, nodes and proofs, for programs. Begin with [how to hire from a program](../how-to/hire-from-a-program.md).',
  },
] as const;

/** The pages by their paths, as they ought to be. */
export async function docsFiles(): Promise<ReadonlyMap<string, string>> {
  const finder = new ExportFinder(openRepository(fileURLToPath(ROOT)));
  const files = PAGES.map(({ name, page, about }): [string, string] => {
    const elsewhere = new Map(PAGES.filter((other) => other.name !== name).map((other) => [other.name, other.page]));
    return [`docs/reference/${page}`, packageText({ name, about, exports: finder.exportsOf(name), elsewhere })];
  });
  files.push(['docs/reference/cli.md', await commandText()]);
  return new Map(files.map(([path, text]) => [path, formatted(path, text)]));
}

if (import.meta.main) for (const [path, text] of await docsFiles()) writeFileSync(new URL(path, ROOT), text);
