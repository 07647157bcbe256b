import { agent } from '../support/keys.ts';
import type { OtherSpec, VerifierSpec } from '../world.ts';
import { CREDIT, verifiersOf } from '../world.ts';
import type { Chance } from './chance.ts';

/** What an agent does for money, in one of these ways. */
export type Kind =
  | 'verifier'
  | 'colluding verifier'
  | 'requester'
  | 'incumbent'
  | 'newcomer'
  | 'incapable'
  | 'liar'
  | 'squatter'
  | 'accomplice'
  | 'self-sponsor';

/** The strategy of each kind. Who works asks a fifth more than the work costs it, and when it is outdone goes down to that. */
export const STRATEGIES: Readonly<Record<Kind, string>> = {
  verifier: 'owns stake, looks at every result that it has a seat for, and says what it saw',
  'colluding verifier': 'as a verifier, but passes whatever an accomplice makes',
  requester: 'posts a trial and two other needs a day, one trial in three sponsored',
  incumbent: 'has 100 credits, works rightly, and takes tasks with a bond',
  newcomer: 'has nothing, works rightly, and takes trials, then also tasks whose bond it can lock',
  incapable: 'as a newcomer, but three in four of its results are wrong',
  liar: 'has nothing, asks for little, and delivers what is wrong',
  squatter: 'has nothing, asks for little, and delivers nothing',
  accomplice: 'has 20 credits, takes tasks with a bond for little, and delivers what is wrong to seats that know it',
  'self-sponsor': 'posts sponsored trials as often as it may, and bids on them with keys of its own',
};

/** Kinds that do not mean to do what they are paid for. */
export const DISHONEST: ReadonlySet<Kind> = new Set(['liar', 'squatter', 'accomplice', 'self-sponsor']);

/** How many of 200 agents are of each kind. */
const SHARES: Readonly<Record<Kind, number>> = {
  verifier: 33,
  'colluding verifier': 3,
  requester: 24,
  incumbent: 30,
  newcomer: 60,
  incapable: 16,
  liar: 10,
  squatter: 8,
  accomplice: 6,
  'self-sponsor': 10,
};
const ORGS = 12;

/** Micro-credits that a key of a kind begins with; verifiers have what every world gives them. */
const FREE: Readonly<Partial<Record<Kind, number>>> = {
  requester: 400 * CREDIT,
  incumbent: 100 * CREDIT,
  accomplice: 20 * CREDIT,
  'self-sponsor': 200 * CREDIT,
};

export interface Person extends OtherSpec {
  readonly kind: Kind;
  /** Keys of one owner gain and lose together. */
  readonly owner: string;
  /** What work costs it, in basis points of the price cap. */
  readonly costBps: number;
  /** Of a self-sponsor: it posts; its other key works. */
  readonly posts: boolean;
  readonly works: boolean;
}

export interface Cast {
  readonly people: readonly Person[];
  readonly verifiers: readonly VerifierSpec[];
}

/** So many agents, in the proportions of the kinds. Verifiers are of twelve organisations, one of which colludes. */
export function castOf(agents: number, chance: Chance): Cast {
  const perOrg = Math.max(1, Math.round((3 * agents) / 200));
  const verifiers = verifiersOf(ORGS * perOrg, ORGS);
  const sitting = verifiers.map(({ who, org }): Person => {
    const kind = org === 'o0' ? 'colluding verifier' : 'verifier';
    return { who, org, kind, owner: who.name, free: 0, costBps: 0, posts: false, works: false };
  });
  const left = agents - sitting.length;
  const kinds = (Object.keys(SHARES) as Kind[]).filter((kind) => !kind.endsWith('verifier'));
  const counts = new Map(kinds.map((kind) => [kind, Math.max(2, Math.round((SHARES[kind] * left) / 164))]));
  const rest = left - [...counts.values()].reduce((sum, count) => sum + count, 0);
  counts.set('newcomer', (counts.get('newcomer') ?? 0) + rest);
  const others = [...counts].flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => personOf(kind, index, chance)),
  );
  return { people: [...sitting, ...others], verifiers };
}

/** One in two of those that work is vouched for. Of two keys of a self-sponsor the first posts and the second works. */
function personOf(kind: Kind, index: number, chance: Chance): Person {
  const who = agent(`${kind}-${index}`);
  const isOne = kind === 'self-sponsor';
  const posts = kind === 'requester' || (isOne && index % 2 === 0);
  const works = kind !== 'requester' && !posts;
  const owner = isOne ? `${kind}-${Math.floor(index / 2)}` : who.name;
  const asksLittle = DISHONEST.has(kind) && kind !== 'self-sponsor';
  const costBps = asksLittle ? 500 : chance.between(1000, 6000);
  const org = kind === 'requester' || (works && index % 4 < 2) ? `of-${who.name}` : null;
  return { who, kind, owner, org, free: works && isOne ? 0 : (FREE[kind] ?? 0), costBps, posts, works };
}
