const SHORTEST = 4;

/** Endings, what stays of them, and how long the stem must be then. Longest first. */
const DERIVATIONS: readonly (readonly [string, string, number])[] = [
  ['ability', 'abl', 5],
  ['ibility', 'ibl', 5],
  ['ization', 'iz', 4],
  ['isation', 'iz', 4],
  ['ation', '', 4],
  ['ator', '', 4],
  ['ence', '', 5],
  ['ency', '', 5],
  ['ance', '', 5],
  ['ancy', '', 5],
  ['ness', '', 4],
  ['ment', '', 4],
  ['ity', '', 4],
  ['ent', '', 5],
  ['ant', '', 5],
  ['ise', 'iz', 4],
  ['ion', '', 4],
  ['ate', '', 4],
  ['at', '', 4],
];

/** Short forms that technical documents use for a word, and spellings of one word, by stem. */
const SAME_WORD: ReadonlyMap<string, string> = new Map(
  [
    ['vuln', 'vulnerable'],
    ['repo', 'repository'],
    ['config', 'configure'],
    ['doc', 'document'],
    ['param', 'parameter'],
    ['arg', 'argument'],
    ['env', 'environment'],
    ['dir', 'directory'],
    ['folder', 'directory'],
    ['func', 'function'],
    ['auth', 'authenticate'],
    ['dep', 'dependency'],
    ['licence', 'license'],
    ['colour', 'color'],
    ['behaviour', 'behavior'],
    ['remove', 'delete'],
    ['async', 'asynchronous'],
    ['regexp', 'regex'],
    ['js', 'javascript'],
    ['ts', 'typescript'],
    ['max', 'maximum'],
    ['min', 'minimum'],
    ['abort', 'cancel'],
    ['discover', 'find'],
    ['locate', 'find'],
    ['correct', 'right'],
    ['modify', 'change'],
    ['alter', 'change'],
    ['used', 'use'],
    ['using', 'use'],
  ].map(([from = '', to = '']) => [stemOf(from), stemOf(to)] as const),
);

/**
 * The stem of an English word in lower case: inflections and the common derivations fall together (`reports`, `reporting`;
 * `vulnerability`, `vulnerabilities`; `configure`, `configuration`). Deliberately light: wrong unions cost more than missed ones.
 */
export function stem(word: string): string {
  const stemmed = stemOf(word);
  return SAME_WORD.get(stemmed) ?? stemmed;
}

/** All beginnings, of three letters or fewer, that a word with this stem can have. */
export function beginningsOf(stemmed: string): readonly string[] {
  const others = [...SAME_WORD].filter(([, to]) => to === stemmed).map(([from]) => from);
  return [stemmed, ...others].map((word) => word.slice(0, SHORTEST - 1));
}

function stemOf(word: string): string {
  if (word.length < SHORTEST || !/^[a-z]+$/.test(word)) return word;
  return withoutEnd(withoutDerivation(withoutInflection(withoutPlural(word))));
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > SHORTEST) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}

function withoutInflection(word: string): string {
  const base = word.replace(/(?:ing|ed|er|ers)$/, '');
  if (base === word || base.length < SHORTEST - 1 || !/[aeiouy]/.test(base)) return word;
  if (/(?:ff|ss|zz)ers?$/.test(word)) return word;
  return /([bdgklmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
}

function withoutDerivation(word: string): string {
  for (const [ending, rest, shortest] of DERIVATIONS) {
    const stemmed = word.endsWith(ending) ? word.slice(0, -ending.length) + rest : '';
    if (stemmed.length >= shortest) return stemmed;
  }
  return word;
}

function withoutEnd(word: string): string {
  if (word.length <= SHORTEST - 1) return word;
  return word.replace(/(?:[ey]|(?<=l)l)$/, '');
}
