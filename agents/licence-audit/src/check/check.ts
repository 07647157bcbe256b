import { type CertificateCheck, type CheckedWork, firstReasons } from '@canswarm/agent';
import { CHECK, CITATIONS_TOTAL, NOTES, REPORT, TEXT_FILE, TEXTS_MAX, VERDICTS, WORD_BYTES_MAX } from '../rules.ts';
import { type ClaimedAudit, type ClaimedPackage, readClaims } from './claims.ts';
import { type Case, type Due, dueOf } from './due.ts';
import { type Lists, readLists } from './lists.ts';
import { type DueLock, type DuePackage, readLock } from './read-lock.ts';
import { reportFault } from './report-lines.ts';
import { beginning, byBytes, named } from './words.ts';

/** Judges an audit: reads lockfile, manifests and licence files by itself, and holds every field of the output against them. */
export const check: CertificateCheck = {
  name: CHECK,
  check: (work) => firstReasons(faultsOf(work)),
};

async function* faultsOf({ input, output, signal }: CheckedWork): AsyncGenerator<string> {
  const lists = readLists(input.value);
  if (lists === undefined) return yield 'the input is no request of an audit, so no result is right';
  const lock = await readLock(input.files, lists.production);
  if (typeof lock === 'string') return yield `${lock}, so no result is right`;
  const claims = readClaims(output.value);
  if (claims === undefined) return yield 'the value has not the form of an audit';
  yield* packagesFaults(claims, lock);
  const citations = new Map(output.citations.map(({ key, citation }) => [key, citation]));
  const textsMax = Math.min(TEXTS_MAX, Math.floor(CITATIONS_TOTAL / Math.max(1, lock.packages.size)) - 1);
  const due: Case = { files: input.files, lists, texts: textFiles(input.files.names()), textsMax };
  const used = new Set<string>();
  for (const claimed of claims.packages) {
    signal.throwIfAborted();
    const one = lock.packages.get(claimed.path);
    if (one === undefined) continue;
    const is = await dueOf(one, due);
    yield* fieldFaults(claimed, one, is);
    yield* citationFaults(claimed, is, citations, used);
  }
  for (const key of citations.keys()) if (!used.has(key)) yield `the citation ${named(key)} belongs to nothing`;
  yield* sumFaults(claims, lock, lists);
  const names = output.files.names();
  if (names.length !== 1 || names[0] !== REPORT) return yield `the only file is to be ${REPORT}`;
  const report = await output.files.bytes(REPORT);
  // The report has no other characters: whatever else there was is spelled out.
  const fault = reportFault(Buffer.from(report).toString('latin1'), claims);
  if (fault !== null) yield `${REPORT}: ${fault}`;
}

function textFiles(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byFolder = new Map<string, string[]>();
  for (const name of [...names].sort(byBytes)) {
    const parts = name.split('/');
    const file = parts.pop() ?? '';
    const folder = parts.join('/');
    if (folder === '' || Buffer.byteLength(file) > WORD_BYTES_MAX || !TEXT_FILE.test(file)) continue;
    const files = byFolder.get(folder);
    if (files === undefined) byFolder.set(folder, [file]);
    else files.push(file);
  }
  return byFolder;
}

/** Every package of the lockfile once, none besides, in order. */
function* packagesFaults({ packages }: ClaimedAudit, lock: DueLock): Generator<string> {
  const told = new Set<string>();
  let last: string | null = null;
  for (const { path } of packages) {
    if (!lock.packages.has(path)) yield `${named(path)} is no package of the lockfile that is to be audited`;
    else if (told.has(path)) yield `${named(path)} stands twice`;
    else if (last !== null && byBytes(last, path) > 0) yield `${named(path)} stands out of order`;
    told.add(path);
    last = path;
  }
  for (const path of lock.packages.keys()) if (!told.has(path)) yield `${named(path)} is left out`;
}

function* fieldFaults(claimed: ClaimedPackage, one: DuePackage, due: Due): Generator<string> {
  const at = named(claimed.path);
  const fields = [
    ['name', claimed.name, one.name],
    ['version', claimed.version, one.version],
    ['source', claimed.source, due.source],
    ['said', claimed.said, due.said],
    ['declared', claimed.declared, due.declared],
    ['verdict', claimed.verdict, due.verdict],
  ] as const;
  for (const [field, is, wanted] of fields)
    if (is !== wanted) yield `${at}: ${field} is to be ${shown(wanted)}, not ${shown(is)}`;
  const notes = NOTES.filter((note) => due.notes.has(note)).join();
  if (claimed.notes.join() !== notes)
    yield `${at}: notes are to be ${shown(notes)}, not ${shown(claimed.notes.join())}`;
  const texts = (list: readonly { readonly file: string; readonly licence: string }[]): string =>
    JSON.stringify(list.map(({ file, licence }) => [file, licence]));
  if (texts(claimed.found) !== texts(due.found))
    yield `${at}: texts are to be ${shown(texts(due.found))}, not ${shown(texts(claimed.found))}`;
}

const shown = (text: string | null): string => (text === null ? 'null' : named(text));

function* citationFaults(
  claimed: ClaimedPackage,
  due: Due,
  citations: ReadonlyMap<string, CheckedWork['output']['citations'][number]['citation']>,
  used: Set<string>,
): Generator<string> {
  const at = named(claimed.path);
  if (claimed.citations.length !== due.citations.length)
    yield `${at}: ${due.citations.length} citations are due, not ${claimed.citations.length}`;
  for (const [index, { file, start, end }] of due.citations.entries()) {
    const key = claimed.citations[index];
    if (key === undefined) break;
    const citation = citations.get(key);
    if (used.has(key)) yield `${at}: the citation ${named(key)} is used twice`;
    used.add(key);
    const holds =
      citation?.input === 0 &&
      citation.path === `files/${file}` &&
      citation.byteStart === start &&
      citation.byteEnd === end;
    if (!holds) yield `${at}: citation ${index + 1} is to be of bytes ${start} to ${end} of ${named(file)}`;
  }
  const said = due.said === null ? 0 : 1;
  const misplaced = claimed.found.findIndex(({ citation }, index) => citation !== claimed.citations[said + index]);
  if (misplaced !== -1) yield `${at}: text ${misplaced + 1} has another citation than its own`;
}

function* sumFaults({ summary, packages, unusable }: ClaimedAudit, lock: DueLock, lists: Lists): Generator<string> {
  const due: Record<string, number> = { packages: packages.length, links: lock.links, development: lock.development };
  for (const verdict of VERDICTS) due[verdict] = packages.filter((one) => one.verdict === verdict).length;
  for (const [count, number] of Object.entries(due))
    if (summary[count] !== number) yield `summary: ${number} ${count} are due, not ${summary[count]}`;
  const rows = [
    ...sorted(lists.unusable.map(([what, text]) => [what, beginning(text), 'licence'])),
    ...sorted(lock.unusable.map(([path, reason]) => ['package', beginning(path), reason])),
  ];
  const told = unusable.map(({ what, text, reason }) => JSON.stringify([what, text, reason]));
  const wrong = rows.findIndex((row, index) => told[index] !== JSON.stringify(row));
  if (wrong !== -1) yield `unusable: entry ${wrong + 1} is to be ${(rows[wrong] ?? []).map(named).join(', ')}`;
  else if (told.length > rows.length) yield `unusable: ${rows.length} entries are due, not ${told.length}`;
}

const sorted = (rows: string[][]): string[][] =>
  rows.sort(([a = '', b = '', c = ''], [d = '', e = '', f = '']) => byBytes(a, d) || byBytes(b, e) || byBytes(c, f));
