import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** A brief that is asked for, and how it must end. */
export interface BriefCase {
  readonly name: string;
  readonly folder: string;
  readonly question: string;
  readonly ends: 'final' | 'refused';
  readonly slice: boolean;
}

/** Documents of installed packages, and folders made to do harm below a folder of the test's. */
export function briefCases(place: string): readonly BriefCase[] {
  const junk = made(place, 'junk');
  const mixed = made(place, 'mixed');
  writeFileSync(join(mixed, 'deep.html'), `${'<div>'.repeat(20_000)}<p>Who maintains it? Nobody.`);
  writeFileSync(join(mixed, '__proto__.md'), '=cmd|calc is said of whoever maintains it, "and not closed.\n');
  cpSync(join(MODULES, 'zod/README.md'), join(mixed, 'README.md'));
  const installed = (name: string): string => join(MODULES, name);
  return [
    { name: 'zod', folder: installed('zod'), question: 'How do I validate an object?', ends: 'final', slice: true },
    { name: 'vitest', folder: installed('vitest'), question: 'What is the licence?', ends: 'final', slice: false },
    {
      name: 'papaparse',
      folder: installed('papaparse'),
      question: 'How are headers read?',
      ends: 'final',
      slice: false,
    },
    { name: 'hostile and one that is not', folder: mixed, question: 'Who maintains it?', ends: 'final', slice: false },
    { name: 'nothing but junk', folder: junk, question: 'Who maintains it?', ends: 'refused', slice: true },
  ];
}

/** A folder of documents that cannot be read. */
function made(place: string, name: string): string {
  const folder = join(place, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'empty.md'), '');
  writeFileSync(
    join(folder, 'garbage.txt'),
    new Uint8Array(65_536).map((_, index) => (index * 7_919) % 256),
  );
  writeFileSync(join(folder, 'line.txt'), 'x'.repeat(10_000_000));
  return folder;
}
