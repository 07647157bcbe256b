import type { Relation } from './model.ts';

/** What operations that are not done have to do with states, counted by the text of the state. */
interface Counts {
  finds: number;
  watches: number;
  makes: number;
}

interface Known {
  readonly finds: Counts | null;
  readonly watches: Counts | null;
  readonly makes: Counts | null;
  readonly makesAny: number;
  readonly watchesAll: number;
}

const NOBODY: Readonly<Counts> = { finds: 0, watches: 0, makes: 0 };

/** What can still come of a state: which states operations that are not done must find, can tell from others, and can make. */
export class Prospects {
  readonly #counts = new Map<string, Counts>();
  readonly #answered: readonly Known[];
  #makeAny = 0;
  #watchAll = 0;
  /** How many tell a state from others without finding it. */
  #watching = 0;

  /** `unanswered`: these may be done at any time, and are never over. */
  constructor(answered: readonly Relation[], unanswered: readonly Relation[]) {
    this.#answered = answered.map((relation) => this.#known(relation));
    for (const one of this.#answered) this.#count(one, 1);
    for (const relation of unanswered) this.#count(this.#known(relation), 1);
  }

  take(index: number): void {
    const one = this.#answered[index];
    if (one !== undefined) this.#count(one, -1);
  }

  putBack(index: number): void {
    const one = this.#answered[index];
    if (one !== undefined) this.#count(one, 1);
  }

  /** Whether some operation must find the state. */
  isDue(state: string): boolean {
    return this.#of(state).finds > 0;
  }

  /** Whether some operation must find the state and none can make it again. */
  isLost(state: string): boolean {
    const { finds, makes } = this.#of(state);
    return finds > 0 && makes === 0 && this.#makeAny === 0;
  }

  /** Whether nothing that follows depends on whether this is the state or another of which the same is true. */
  isForgotten(state: string): boolean {
    const { finds, watches } = this.#of(state);
    return finds === 0 && watches === 0 && this.#watchAll === 0;
  }

  /** Whether nothing tells a state from others but what must find it. */
  get isPlain(): boolean {
    return this.#watching === 0 && this.#watchAll === 0;
  }

  #of(state: string): Readonly<Counts> {
    return this.#counts.get(state) ?? NOBODY;
  }

  #known({ finds, watches, makes }: Relation): Known {
    return {
      finds: this.#countsOf(finds),
      watches: watches === 'every' ? null : this.#countsOf(watches?.state),
      makes: makes === 'any' ? null : this.#countsOf(makes?.state),
      makesAny: makes === 'any' ? 1 : 0,
      watchesAll: watches === 'every' ? 1 : 0,
    };
  }

  #countsOf(state: string | undefined): Counts | null {
    if (state === undefined) return null;
    const counts = this.#counts.get(state) ?? { finds: 0, watches: 0, makes: 0 };
    this.#counts.set(state, counts);
    return counts;
  }

  #count({ finds, watches, makes, makesAny, watchesAll }: Known, change: 1 | -1): void {
    if (finds !== null) finds.finds += change;
    if (watches !== null) {
      watches.watches += change;
      this.#watching += change;
    }
    if (makes !== null) makes.makes += change;
    this.#makeAny += makesAny * change;
    this.#watchAll += watchesAll * change;
  }
}
