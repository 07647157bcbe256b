import type { Files } from '@canswarm/agent';
import {
  CITED_BYTES_MAX,
  LICENCES_MAX,
  LOCKFILE,
  MANIFEST_BYTES_MAX,
  NOTICE_FILE,
  TEXT_BYTES_MAX,
  WORD_BYTES_MAX,
} from '../rules.ts';
import { TELL_TALES } from '../tell-tales.ts';
import { type JsonNode, parseTree } from './json-tree.ts';
import { type Lists, rankBy, rankOfName } from './lists.ts';
import { type DuePackage, memberOf, textOf } from './read-lock.ts';
import { namesOf, postfixOf } from './spdx.ts';
import { tellTexts } from './tell.ts';
import { fits } from './words.ts';

/** Bytes of a file that are to be cited. */
export interface DueCitation {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** What is to be said of a package. */
export interface Due {
  readonly source: string | null;
  readonly said: string | null;
  readonly declared: string | null;
  readonly found: readonly { readonly file: string; readonly licence: string }[];
  readonly verdict: string;
  readonly notes: ReadonlySet<string>;
  /** What is said first, then the texts in order. */
  readonly citations: readonly DueCitation[];
}

/** What the check goes by besides the package. */
export interface Case {
  readonly files: Files;
  readonly lists: Lists;
  /** Names of licence files by folder, in order. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly textsMax: number;
}

interface Saying {
  readonly said: string | null;
  readonly citation: DueCitation | null;
  readonly note: string;
}

const CONTRADICTIONS = ['name_differs', 'version_differs', 'text_differs', 'denied_text'];
const STANDINGS = ['denied', 'unknown', 'allowed'] as const;
const HAS_TEXT: ReadonlySet<string> = new Set(TELL_TALES.map(({ licence }) => licence));

export async function dueOf(one: DuePackage, due: Case): Promise<Due> {
  const notes = new Set<string>();
  const { saying, source, installed } = await sayingOf(one, due.files, notes);
  if (saying.note !== '') notes.add(saying.note);
  const { found, citations } = installed ? await foundIn(one.path, due, notes) : { found: [], citations: [] };
  const postfix = saying.said === null ? undefined : postfixOf(saying.said);
  if (saying.said !== null && postfix === undefined) notes.add('not_spdx');
  const names = postfix === undefined ? [] : namesOf(postfix);
  const isSaid = (licence: string): boolean => names.some(({ id }) => id === licence);
  const own = found.filter(({ file }) => !NOTICE_FILE.test(file));
  if (own.length > 0 && names.length > 0 && names.every(({ id }) => HAS_TEXT.has(id)))
    if (own.every(({ licence }) => !isSaid(licence))) notes.add('text_differs');
  for (const { licence } of found)
    if (!isSaid(licence) && rankOfName(due.lists, { id: licence, later: false, exception: '' }) === 0)
      notes.add('denied_text');
  const rank = postfix === undefined ? 1 : rankBy(due.lists, postfix);
  const contradicted = rank !== 0 && CONTRADICTIONS.some((note) => notes.has(note));
  return {
    source,
    said: saying.said,
    declared: postfix === undefined ? null : saying.said,
    found,
    verdict: contradicted ? 'mismatch' : STANDINGS[rank],
    notes,
    citations: saying.citation === null ? citations : [saying.citation, ...citations],
  };
}

async function sayingOf(
  { path, nameDue, version, entry }: DuePackage,
  files: Files,
  notes: Set<string>,
): Promise<{ readonly saying: Saying; readonly source: string | null; readonly installed: boolean }> {
  const file = `${path}/package.json`;
  const size = files.size(file);
  const locked = sayingIn(entry, LOCKFILE);
  if (size === undefined) {
    notes.add('not_installed');
    return { saying: locked, source: locked.said === null ? null : LOCKFILE, installed: false };
  }
  const manifest = size > MANIFEST_BYTES_MAX ? undefined : parseTree(await files.bytes(file));
  if (manifest?.type !== 'object')
    return { saying: { said: null, citation: null, note: 'manifest_unreadable' }, source: null, installed: true };
  const saying = sayingIn(manifest, file);
  const [name, own] = [textOf(memberOf(manifest, 'name')), textOf(memberOf(manifest, 'version'))];
  if (nameDue !== null && name !== undefined && name !== nameDue) notes.add('name_differs');
  if (version !== null && own !== undefined && own !== version) notes.add('version_differs');
  if (saying.said !== null && locked.said !== null && saying.said !== locked.said) notes.add('lock_differs');
  return { saying, source: saying.said === null ? null : 'package.json', installed: true };
}

function sayingIn(object: JsonNode, file: string): Saying {
  if (object.type !== 'object') return { said: null, citation: null, note: 'no_licence' };
  for (const key of ['license', 'licenses']) {
    const member = object.members.get(key);
    if (member === undefined || member.value.type === 'null' || textOf(member.value) === '') continue;
    const said = wordsOf(member.value);
    const length = member.value.end - member.at;
    if (said === undefined || !fits(said, WORD_BYTES_MAX) || length > CITED_BYTES_MAX)
      return { said: null, citation: null, note: 'licence_unreadable' };
    const note = member.value.type === 'string' ? '' : 'licence_form';
    return { said, citation: { file, start: member.at, end: member.value.end }, note };
  }
  return { said: null, citation: null, note: 'no_licence' };
}

/** A licence in words: a text, the type of an object, or a choice of these. */
function wordsOf(node: JsonNode): string | undefined {
  if (node.type !== 'array') return oneOf(node);
  if (node.items.length < 1 || node.items.length > LICENCES_MAX) return undefined;
  const words: string[] = [];
  for (const item of node.items) {
    const word = oneOf(item);
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words.length > 1 ? `(${words.join(' OR ')})` : words[0];
}

const oneOf = (node: JsonNode): string | undefined => textOf(node) ?? textOf(memberOf(node, 'type'));

async function foundIn(
  path: string,
  { files, texts, textsMax }: Case,
  notes: Set<string>,
): Promise<{ readonly found: { file: string; licence: string }[]; readonly citations: DueCitation[] }> {
  const found: { file: string; licence: string }[] = [];
  const citations: DueCitation[] = [];
  for (const file of texts.get(path) ?? []) {
    const name = `${path}/${file}`;
    if ((files.size(name) ?? 0) > TEXT_BYTES_MAX) {
      notes.add('text_too_large');
      continue;
    }
    for (const { licence, start, end } of tellTexts(await files.bytes(name))) {
      if (found.length === textsMax) notes.add('texts_left_out');
      else {
        found.push({ file, licence });
        citations.push({ file: name, start, end });
      }
    }
  }
  return { found, citations };
}
