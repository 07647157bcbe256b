import { compareText, fromUtf8 } from '@canswarm/protocol';
import { CITED_BYTES_MAX } from '../rules.ts';
import { REACH, TELL_TALES, type TellTale } from '../tell-tales.ts';

/** A licence whose text stands in a file, and the words by which it is known, bytes. */
export interface FoundText {
  readonly licence: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a file: word by word, with the bytes where each stands. */
interface Words {
  readonly words: readonly string[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

interface Phrase {
  readonly text: string;
  readonly words: readonly string[];
}

interface Known {
  readonly tale: TellTale;
  readonly begin: string;
  readonly needs: readonly (readonly string[])[];
  readonly lacks: readonly (readonly string[])[];
}

const split = (text: string): readonly string[] => text.split(' ');
const KNOWN: readonly Known[] = TELL_TALES.map((tale) => ({
  tale,
  begin: tale.words,
  needs: (tale.needs ?? []).map(split),
  lacks: (tale.lacks ?? []).map(split),
}));
/** The phrases that texts begin with, by their first word. */
const BY_FIRST = groupByFirst([...new Set(TELL_TALES.map(({ words }) => words))]);

function groupByFirst(texts: readonly string[]): ReadonlyMap<string, readonly Phrase[]> {
  const groups = new Map<string, Phrase[]>();
  for (const text of texts) {
    const words = split(text);
    const [first = ''] = words;
    groups.set(first, [...(groups.get(first) ?? []), { text, words }]);
  }
  return groups;
}

/** Licences whose texts stand in a file, by the tell-tales; each once, at its first place, in the order of their ids. */
export function findTexts(bytes: Uint8Array): FoundText[] {
  const text = wordsOf(bytes);
  const places = placesOf(text, bytes);
  const found = new Map<string, FoundText>();
  for (const known of KNOWN) {
    const at = places.get(known.begin) ?? [];
    for (const [order, place] of at.entries()) {
      if (!holds(known, text, place, Math.min(place + REACH, at[order + 1] ?? text.words.length))) continue;
      const { licence } = known.tale;
      const start = text.starts[place] ?? 0;
      const end = text.ends[place + split(known.begin).length - 1] ?? 0;
      if (start < (found.get(licence)?.start ?? Number.POSITIVE_INFINITY)) found.set(licence, { licence, start, end });
      break;
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.licence, b.licence));
}

function wordsOf(bytes: Uint8Array): Words {
  const words: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let word = '';
  for (let at = 0; at <= bytes.length; at += 1) {
    const letter = at < bytes.length ? letterOf(bytes[at] ?? 0) : '';
    if (letter !== '') {
      if (word === '') starts.push(at);
      word += letter;
    } else if (word !== '') {
      words.push(word);
      ends.push(at);
      word = '';
    }
  }
  return { words, starts, ends };
}

/** Lower-case letter or digit of a byte, or nothing. */
function letterOf(byte: number): string {
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  if (isLetter) return String.fromCharCode(byte | 0x20);
  return byte >= 0x30 && byte <= 0x39 ? String.fromCharCode(byte) : '';
}

/** Word indices at which phrases begin that can be cited: as UTF-8, and not too long. */
function placesOf(text: Words, bytes: Uint8Array): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, word] of text.words.entries()) {
    for (const phrase of BY_FIRST.get(word) ?? []) {
      if (!standsAt(phrase.words, text, index)) continue;
      const start = text.starts[index] ?? 0;
      const end = text.ends[index + phrase.words.length - 1] ?? 0;
      if (end - start > CITED_BYTES_MAX || fromUtf8(bytes.subarray(start, end)) === undefined) continue;
      const known = places.get(phrase.text) ?? [];
      known.push(index);
      places.set(phrase.text, known);
    }
  }
  return places;
}

function holds({ needs, lacks }: Known, text: Words, from: number, to: number): boolean {
  const stands = (phrase: readonly string[]): boolean => {
    for (let at = from; at + phrase.length <= to; at += 1) if (standsAt(phrase, text, at)) return true;
    return false;
  };
  return needs.every(stands) && !lacks.some(stands);
}

function standsAt(phrase: readonly string[], { words }: Words, at: number): boolean {
  for (let index = 0; index < phrase.length; index += 1) if (words[at + index] !== phrase[index]) return false;
  return true;
}
