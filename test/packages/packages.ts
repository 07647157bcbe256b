import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pack } from '../../scripts/pack.ts';
import type { PackedPackage } from '../../scripts/packing/tarballs.ts';
import { openRepository } from '../../scripts/repository/repository.ts';
import type { Report, Suite } from '../e2e/suite.ts';
import { contentProblems } from './contents.ts';
import { importProblems } from './imports.ts';
import { installedWorld } from './installed-world.ts';
import { linkedWorld, unpack } from './linked-world.ts';
import { useCommand, useDoors, useInstalledProject, useLibrary, useNetwork, useProject } from './use.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * The packages as a stranger gets them. A slice packs them, looks at what is in them and uses them beside the third-party
 * packages of this repository; in full they are also installed from the registry and used with the oldest Node.
 */
export const packages: Suite = {
  name: 'packages',
  async run(size, report) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'canswarm-packages-')));
    try {
      const packed = packAll(folder, report);
      await inspect(packed, join(folder, 'unpacked'), report);
      const linked = linkedWorld(ROOT, join(folder, 'unpacked'), join(folder, 'linked'));
      const names = packed.map(({ name }) => name);
      await useDoors(linked, names, report);
      await useLibrary(linked, await useCommand(linked, report), report);
      await useProject(linked, report);
      if (size === 'slice') return;
      const installed = await installedWorld(packed, join(folder, 'installed'), report);
      await useDoors(installed, names, report);
      await useLibrary(installed, await useCommand(installed, report), report);
      await useNetwork(installed, report);
      await useProject(installed, report);
      await useInstalledProject(installed, packed, report);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function packAll(folder: string, report: Report): readonly PackedPackage[] {
  const repository = openRepository(ROOT);
  const start = performance.now();
  const packed = pack(repository, join(folder, 'tarballs'));
  report.metric('packSeconds', (performance.now() - start) / 1000);
  report.metric('packages', packed.length);
  report.metric(
    'bytes',
    packed.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const commands = packed.filter(({ name }) => name === 'canswarm');
  report.check('canswarm is among the packages', commands.length === 1);
  return packed;
}

/** Looks at each tarball by itself; leaves it unpacked in `folder`, by its name. */
async function inspect(packed: readonly PackedPackage[], folder: string, report: Report): Promise<void> {
  const published = new Map(packed.map(({ name, version }) => [name, version]));
  for (const { name, file } of packed) {
    const { buffer } = new Uint8Array(readFileSync(file));
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer } });
    const said = messages.map((message) => formatMessage(message, pkg) ?? message.code);
    report.check(`publint finds nothing in ${name}`, said.length === 0 && pkg['name'] === name, said.join('; '));
    const place = join(folder, name);
    mkdirSync(place, { recursive: true });
    unpack(file, place);
    const problems = [...contentProblems(place, published, ROOT), ...importProblems(place)];
    report.check(`${name} holds what it needs and nothing else`, problems.length === 0, problems.join('; '));
  }
}
