import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatherLockfile } from 'canswarm';
import type { WorkCase } from './work-case.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const installed = (path: string): string => join(ROOT, 'node_modules', path);
const bytes = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const found = (path: string): Uint8Array => bytes(installed(path));

type Files = WorkCase['files'];

function usable(skill: string, name: string, input: WorkCase['input'], files: Files, slice = false): WorkCase {
  const shows = SHOWS[skill] ?? /^/;
  return { name: `${skill}: ${name}`, skill, input, files, ends: 'final', shows, slice };
}

/** What a result of use says. */
const SHOWS: Readonly<Record<string, RegExp>> = {
  'table-clean': /"status":"cleaned"/,
  reconcile: /"status":"reconciled"/,
  'html-extract': /"unusable":\[\]/,
  'licence-audit': /"packages":[1-9]/,
};

/** Tables of packages that the lockfile pins. */
const TABLES: readonly WorkCase[] = [
  usable(
    'table-clean',
    'calling codes',
    {},
    { 't.csv': found('country-data/data/work-in-progress/calling-codes.csv') },
    true,
  ),
  usable('table-clean', 'countries', {}, { 't.csv': found('countries-list/countries.csv') }),
  usable('table-clean', 'a long sample', {}, { 't.csv': found('papaparse/tests/verylong-sample.csv') }),
  usable('table-clean', 'line ends in cells', {}, { 't.csv': found('csv-spectrum/csvs/newlines_crlf.csv') }),
  usable(
    'reconcile',
    'two versions of a list',
    { left: 'left', right: 'right', keys: ['Code'] },
    { left: found('countries-list-2/dist/countries.csv'), right: found('countries-list/countries.csv') },
    true,
  ),
  usable(
    'reconcile',
    'lists of two authors',
    {
      left: 'left',
      right: 'right',
      keys: [{ left: 'alpha2', right: 'Code' }],
      compare: [{ left: 'name', right: 'Name' }],
      ignoreCase: true,
    },
    { left: found('country-data/data/countries.csv'), right: found('countries-list/countries.csv') },
  ),
  usable(
    'reconcile',
    'countries and those that are gone',
    { left: 'left', right: 'right', keys: ['name'] },
    { left: found('country-data/data/countries.csv'), right: found('country-data/data/deleted_countries.csv') },
  ),
];

const LINKS = {
  rows: 'a[href]',
  fields: [
    { name: 'text', required: true },
    { name: 'to', attribute: 'href' },
  ],
};

/** Pages of packages that the lockfile pins. */
const PAGES: readonly WorkCase[] = [
  usable(
    'html-extract',
    'a coverage report',
    { tables: true },
    { 'a.html': found('okapibm25/coverage/index.html') },
    true,
  ),
  usable('html-extract', 'links of a listing', LINKS, { 'a.html': found('okapibm25/coverage/BM25.ts.html') }),
  usable('html-extract', 'a page of benchmarks', LINKS, { 'a.html': found('cborg/bench/index.html') }),
  usable('html-extract', 'a form', LINKS, { 'a.html': found('papaparse/player/player.html') }),
];

/** Lockfiles that npm wrote, with the packages that it installed. */
async function lockfiles(): Promise<readonly WorkCase[]> {
  const whole = Object.fromEntries((await gatherLockfile(ROOT)).files);
  const of = (...packages: readonly string[]): Files =>
    Object.fromEntries(
      Object.entries(whole).filter(([path]) =>
        packages.some(
          (name) => path.startsWith(`node_modules/${name}/`) && !path.slice(13 + name.length + 1).includes('/'),
        ),
      ),
    );
  const hidden = { 'package-lock.json': found('.package-lock.json') };
  const small = { 'package-lock.json': found('node/node_modules/.package-lock.json') };
  return [
    usable('licence-audit', 'the hidden lockfile of a package', { deny: ['GPL-3.0-only'] }, small, true),
    usable(
      'licence-audit',
      'the hidden lockfile, some packages',
      { allow: ['MIT'] },
      { ...hidden, ...of('zod', 'libp2p', 'typescript', 'fast-check') },
    ),
    usable('licence-audit', 'all that is installed', { deny: ['GPL-3.0-only'] }, whole),
  ];
}

const DOCUMENTS = '/usr/share/doc';
const TIMES = '/usr/share/distro-info/debian.csv';

/** Inputs that a Debian system brings; where it is another one, they are named in `missing`. */
export function systemCases(): { readonly cases: readonly WorkCase[]; readonly missing: readonly string[] } {
  const cases: WorkCase[] = [];
  const missing: string[] = [];
  if (existsSync(TIMES)) cases.push(usable('table-clean', TIMES, {}, { 't.csv': bytes(TIMES) }));
  else missing.push(TIMES);
  const pages = existsSync(DOCUMENTS)
    ? readdirSync(DOCUMENTS, { encoding: 'utf8' })
        .map((name) => join(DOCUMENTS, name, 'NEWS.html'))
        .filter((path) => existsSync(path))
    : [];
  const [page] = pages;
  if (page === undefined) missing.push(`${DOCUMENTS}/*/NEWS.html`);
  else cases.push(usable('html-extract', page, LINKS, { 'a.html': bytes(page) }));
  return { cases, missing };
}

/** Inputs that nobody of this project wrote, at least three for each agent. */
export const foundCases = async (): Promise<readonly WorkCase[]> => [...TABLES, ...PAGES, ...(await lockfiles())];
