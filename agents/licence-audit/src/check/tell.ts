import { CITED_BYTES_MAX } from '../rules.ts';
import { REACH, TELL_TALES } from '../tell-tales.ts';

/** A licence's text in a file: its first tell-tale words, bytes. */
export interface Told {
  readonly licence: string;
  readonly start: number;
  readonly end: number;
}

const BETWEEN = '[^A-Za-z0-9]+';
const pattern = (words: string): string => `(?<![a-z0-9])${words.split(' ').join(BETWEEN)}(?![a-z0-9])`;

interface Tale {
  readonly licence: string;
  readonly words: RegExp;
  readonly needs: readonly RegExp[];
  readonly lacks: readonly RegExp[];
}

const TALES: readonly Tale[] = TELL_TALES.map(({ licence, words, needs = [], lacks = [] }) => ({
  licence,
  words: new RegExp(pattern(words), 'g'),
  needs: needs.map((phrase) => new RegExp(pattern(phrase))),
  lacks: lacks.map((phrase) => new RegExp(pattern(phrase))),
}));

/** Which licences' texts stand in a file, by regular expressions over its bytes as characters. Sorted by licence. */
export function tellTexts(bytes: Uint8Array): readonly Told[] {
  const text = lowered(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
  const told = new Map<string, Told>();
  for (const { licence, words, needs, lacks } of TALES) {
    const places = [...text.matchAll(words)]
      .map((match) => ({ start: match.index, end: match.index + match[0].length }))
      .filter(({ start, end }) => end - start <= CITED_BYTES_MAX && isUtf8(bytes.subarray(start, end)));
    for (const [index, place] of places.entries()) {
      const part = text.slice(
        place.start,
        Math.min(reachFrom(text, place.start), places[index + 1]?.start ?? text.length),
      );
      if (!needs.every((phrase) => phrase.test(part)) || lacks.some((phrase) => phrase.test(part))) continue;
      const known = told.get(licence);
      if (known === undefined || place.start < known.start) told.set(licence, { licence, ...place });
      break;
    }
  }
  return [...told.values()].sort((a, b) => (a.licence < b.licence ? -1 : 1));
}

/** Letters of ASCII in lower case; every other character as it is. */
const lowered = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Where the word begins that is `REACH` words after the one at `from`. */
function reachFrom(text: string, from: number): number {
  const word = /[a-z0-9]+/g;
  word.lastIndex = from;
  for (let count = 0; count < REACH; count += 1) if (word.exec(text) === null) return text.length;
  return word.exec(text)?.index ?? text.length;
}
