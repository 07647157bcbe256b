/**
 * Style as a test: sizes, names, comments, types, tests, package files and Markdown links.
 * `node scripts/tidy.ts` checks this repository; what each rule asks is said in CONTRIBUTING.md.
 */
import { type Finding, reportFindings } from './repository/finding.ts';
import { openRepository, type Repository } from './repository/repository.ts';
import type { Source } from './repository/source.ts';
import { checkComments, checkProse } from './tidy/comments.ts';
import { checkLinks } from './tidy/links.ts';
import { checkLock } from './tidy/lock.ts';
import { proseLines } from './tidy/markdown.ts';
import { checkNames } from './tidy/names.ts';
import { checkPackages } from './tidy/packages.ts';
import { checkSize } from './tidy/size.ts';
import { checkTests } from './tidy/tests.ts';
import { checkTypes } from './tidy/types.ts';

/** All findings in a repository; empty when it is tidy. */
export function tidy(repository: Repository): Finding[] {
  const documents = repository.files.filter((path) => path.endsWith('.md'));
  return [
    ...checkNames(repository.files),
    ...checkPackages(repository),
    ...checkLock(repository),
    ...repository.sources.flatMap(checkSource),
    ...documents.flatMap((path) => checkProse(path, proseLines(repository.read(path)))),
    ...documents.flatMap((path) => checkLinks(repository, path)),
  ];
}

function checkSource(source: Source): Finding[] {
  const unread = source.errors.map((message) => ({ rule: 'unreadable', path: source.path, line: 1, message }));
  return [...unread, ...checkSize(source), ...checkComments(source), ...checkTypes(source), ...checkTests(source)];
}

if (import.meta.main) {
  const repository = openRepository(process.cwd());
  reportFindings('tidy', tidy(repository), repository.files.length);
}
