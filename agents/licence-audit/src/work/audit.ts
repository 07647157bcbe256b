import type { ExecuteContext } from '@canswarm/agent';
import {
  CITATIONS_TOTAL,
  MANIFEST,
  NOTES,
  NOTICE_FILE,
  REPORT,
  TEXT_BYTES_MAX,
  TEXTS_MAX,
  VERDICTS,
} from '../rules.ts';
import { TELL_TALES } from '../tell-tales.ts';
import { atomsOf, type Expression, readExpression } from './expression.ts';
import { type LockedPackage, type Lockfile, readLockfile } from './lockfile.ts';
import { type Statement, statementOf } from './manifest.ts';
import { licenceFiles } from './package-files.ts';
import { type Policy, readPolicy, standingOf, standingOfAtom } from './policy.ts';
import { reportOf } from './report.ts';
import { readRequest } from './request.ts';
import type { Audit, AuditedPackage, FoundLicence, Note, Verdict } from './result.ts';
import { findTexts } from './texts.ts';

const PROGRESS_EVERY = 50;
const TEXTS_KNOWN: ReadonlySet<string> = new Set(TELL_TALES.map(({ licence }) => licence));

interface Desk {
  readonly lockfile: Lockfile;
  readonly policy: Policy;
  readonly textFiles: ReadonlyMap<string, readonly string[]>;
  /** Texts told of one package at most. */
  readonly textsMax: number;
  readonly context: ExecuteContext;
}

/** Audits the packages of a lockfile: what each says of its licence, which texts lie with it, and how that stands to the lists. */
export async function audit(value: unknown, context: ExecuteContext): Promise<Audit> {
  const { allow, deny, production } = readRequest(value);
  const lockfile = await readLockfile(context.files, production);
  const policy = readPolicy(allow, deny);
  const { packages: locked, links, development } = lockfile;
  const textsMax = Math.min(TEXTS_MAX, Math.floor(CITATIONS_TOTAL / Math.max(1, locked.length)) - 1);
  const desk: Desk = { lockfile, policy, textFiles: licenceFiles(context.files), textsMax, context };
  const packages: AuditedPackage[] = [];
  for (const one of locked) {
    context.signal.throwIfAborted();
    packages.push(await auditPackage(one, desk));
    if (packages.length % PROGRESS_EVERY === 0) context.progress(packages.length, locked.length);
  }
  const counts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, packages.filter((one) => one.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  const summary = { packages: packages.length, ...counts, links, development };
  const result: Audit = { summary, packages, unusable: [...policy.unusable, ...lockfile.unusable] };
  await context.artifacts.put(REPORT, reportOf(result));
  context.progress(locked.length, locked.length);
  return result;
}

async function auditPackage(locked: LockedPackage, desk: Desk): Promise<AuditedPackage> {
  const { files, cite } = desk.context;
  const { path, name, version } = locked;
  const statement = await statementOf(locked, desk.lockfile, files);
  const { said, place, source, file } = statement;
  const citations: string[] = [];
  if (place !== null) citations.push(await cite(file, place.start, place.end));
  const installed = files.size(`${path}/${MANIFEST}`) !== undefined;
  const texts = installed ? await textsOf(path, desk) : { found: [], notes: [] };
  citations.push(...texts.found.map(({ citation }) => citation));
  const expression = said === null ? undefined : readExpression(said);
  const { verdict, notes } = judge(statement, expression, texts, desk.policy);
  const declared = expression === undefined ? null : said;
  return { path, name, version, source, said, declared, found: texts.found, verdict, notes, citations };
}

interface Texts {
  readonly found: readonly FoundLicence[];
  readonly notes: readonly Note[];
}

async function textsOf(path: string, { context, textFiles, textsMax }: Desk): Promise<Texts> {
  const found: FoundLicence[] = [];
  const notes = new Set<Note>();
  for (const file of textFiles.get(path) ?? []) {
    const whole = `${path}/${file}`;
    if ((context.files.size(whole) ?? 0) > TEXT_BYTES_MAX) {
      notes.add('text_too_large');
      continue;
    }
    for (const { licence, start, end } of findTexts(await context.files.bytes(whole))) {
      if (found.length < textsMax) found.push({ file, licence, citation: await context.cite(whole, start, end) });
      else notes.add('texts_left_out');
    }
  }
  return { found, notes: [...notes] };
}

function judge(
  statement: Statement,
  expression: Expression | undefined,
  { found, notes: ofTexts }: Texts,
  policy: Policy,
): { readonly verdict: Verdict; readonly notes: readonly Note[] } {
  const notes = new Set<Note>([...statement.notes, ...ofTexts]);
  if (statement.said !== null && expression === undefined) notes.add('not_spdx');
  const atoms = expression === undefined ? [] : atomsOf(expression);
  const bases = new Set(atoms.map(({ base }) => base));
  const own = found.filter(({ file }) => !NOTICE_FILE.test(file));
  const known = atoms.length > 0 && atoms.every(({ base }) => TEXTS_KNOWN.has(base));
  if (known && own.length > 0 && !own.some(({ licence }) => bases.has(licence))) notes.add('text_differs');
  const denied = found.some(
    ({ licence }) =>
      !bases.has(licence) && standingOfAtom({ base: licence, orLater: false, exception: null }, policy) === 'denied',
  );
  if (denied) notes.add('denied_text');
  const standing = expression === undefined ? 'unknown' : standingOf(expression, policy);
  const contradicted = (['name_differs', 'version_differs', 'text_differs', 'denied_text'] as const).some((note) =>
    notes.has(note),
  );
  const verdict = standing !== 'denied' && contradicted ? 'mismatch' : standing;
  return { verdict, notes: NOTES.filter((note) => notes.has(note)) };
}
