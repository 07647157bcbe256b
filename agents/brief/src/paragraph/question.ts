import { similarTo } from './thesaurus.ts';
import { stem, termsOf, wordsOf } from './words.ts';

/** Words of English that carry grammar, not a subject. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    'a about above after again all also am an and any are as at be because been before being below between both but by can ' +
    'cannot could d did do does doing don down during each either else ever every few for from further had has have having he ' +
    'her here hers him his how i if in into is isn it its itself just let ll m me might mine more most must my myself no nor ' +
    'not of off on once only or other our ours out over own re s same shall she should so some such t than that the their ' +
    'theirs them then there these they this those through to too under until up upon us ve very was we were what when where ' +
    'whether which while who whom whose why will with within without would you your yours'
  ).split(' '),
);

/** Words of questions that many passages share whatever they are about: they help, but little. */
const WEAK_WORDS: ReadonlySet<string> = new Set(
  (
    'ask call change come find get give go good happen keep know like look mean need new one possible see set show something ' +
    'take tell thing try type use want way work make'
  )
    .split(' ')
    .map(stem),
);

const WEAK_WEIGHT = 0.5;
/** A part of a compound name of the question says less than the name. */
const PART_WEIGHT = 0.4;
/** Another word for what was asked counts by this part. */
const SIMILAR_SHARE = 0.5;
/** More notions than this are not looked for. */
const NOTIONS_MAX = 48;

const CODE_WORDS: ReadonlySet<string> = new Set(
  'code command commands example examples sample samples snippet snippets syntax'.split(' '),
);

/** One thing a question asks about. */
export interface Notion {
  /** What finding it counts, 0 < weight <= 1. */
  readonly weight: number;
  /** The terms it may be found by, each with how well it stands for the notion, 0 < share <= 1. */
  readonly forms: ReadonlyMap<string, number>;
}

export interface Query {
  readonly notions: readonly Notion[];
  /** Whether the question asks for code, so that fenced code counts as an answer. */
  readonly wantsCode: boolean;
}

/** Reads a question. When it holds nothing but function words, those are looked for after all. */
export function parseQuestion(question: string): Query {
  const words = wordsOf(question);
  const phrases = phrasesOf(words);
  const content = words.filter((word) => !FUNCTION_WORDS.has(word.toLowerCase()));
  const weights = new Map<string, number>();
  const add = (term: string, weight: number): void => {
    if (weights.size < NOTIONS_MAX || weights.has(term)) weights.set(term, Math.max(weight, weights.get(term) ?? 0));
  };
  for (const word of content.length > 0 ? content : words) {
    const { whole, parts } = termsOf(word);
    const weak = whole !== undefined && (WEAK_WORDS.has(whole) || phrases.words.has(whole));
    if (whole !== undefined) add(whole, weak ? WEAK_WEIGHT : 1);
    for (const part of parts) add(part, whole === undefined ? 1 : PART_WEIGHT);
  }
  const notions = [...weights].map(([term, weight]): Notion => ({ weight, forms: formsOf(term) }));
  const wantsCode = question.includes('`') || words.some((word) => CODE_WORDS.has(word.toLowerCase()));
  return { notions: [...notions, ...phrases.notions], wantsCode };
}

function formsOf(term: string): Map<string, number> {
  const forms = new Map(similarTo(term).map((other) => [other, SIMILAR_SHARE]));
  return forms.set(term, 1);
}

/** Two words in a row that together have another name: "turn on" for "enable". Each of the two then says little. */
function phrasesOf(words: readonly string[]): { notions: Notion[]; words: ReadonlySet<string> } {
  const stems = words.map((word) => stem(word.toLowerCase()));
  const notions: Notion[] = [];
  const covered = new Set<string>();
  for (let index = 1; index < stems.length && notions.length < NOTIONS_MAX; index++) {
    const pair = [stems[index - 1] ?? '', stems[index] ?? ''];
    const forms = similarTo(pair.join(' '));
    if (forms.length === 0) continue;
    notions.push({ weight: 1, forms: new Map(forms.map((form) => [form, SIMILAR_SHARE])) });
    for (const word of pair) covered.add(word);
  }
  return { notions, words: covered };
}
