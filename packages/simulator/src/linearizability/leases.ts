import type { Model } from './model.ts';

/** What an entry does to the lease of a need: it may end one, and grant another, whose fence is the entry's position. */
export interface LeaseMove {
  /** `may`: the need is over, whether somebody held it or not. */
  readonly ends: 'no' | 'may' | 'must';
  readonly grants: string | null;
  readonly fence: number;
}

export interface LeaseInput {
  readonly on: 'lease';
  /** `lease/NEED` */
  readonly key: string;
  /** The entry. */
  readonly by: string;
  /**
   * Who says as holder, and under which fence, that it renews, yields or commits; or of whom seats say so that it is released (null: whoever holds
   * it under that fence). Null for entries of others.
   */
  readonly holder: { readonly did: string | null; readonly fence: number } | null;
  /** What it does if it takes effect, where no answer says it. */
  readonly move: LeaseMove;
}

export interface LeaseOutput extends LeaseMove {
  /** False: its sender is told that it does not hold this lease. */
  readonly did: boolean;
}

/** Who holds it, and the last fence. */
export interface LeaseState {
  readonly holder: string | null;
  readonly fence: number;
}

/** A lease: one holds it at a time, fences only grow, and what is said under an old fence is refused. */
export const leases: Model<LeaseInput, LeaseOutput, LeaseState> = {
  name: 'leases',
  initialOf: () => ({ holder: null, fence: 0 }),
  keyOf: ({ key }) => key,
  changes({ move }, output) {
    const { ends, grants } = output ?? move;
    return output?.did !== false && (ends !== 'no' || grants !== null);
  },
  effectOf({ holder, move }, output) {
    const { ends, grants, fence } = output ?? move;
    return JSON.stringify([holder?.did, holder?.fence, ends, grants, fence]);
  },
  step(state, { holder, move }, output) {
    const isHeld =
      holder !== null &&
      state.holder !== null &&
      state.fence === holder.fence &&
      state.holder === (holder.did ?? state.holder);
    if (output === undefined) return holder !== null && !isHeld ? state : (moved(state, move) ?? state);
    if (holder !== null && output.did !== isHeld) return undefined;
    return output.did ? moved(state, output) : state;
  },
  isRepeatable: () => true,
  relationOf({ holder, move }, output) {
    const { grants, fence } = output ?? move;
    return {
      watches: 'every',
      ...(output?.did === true && holder !== null && holder.did !== null
        ? { finds: nameOf(holder.did, holder.fence) }
        : {}),
      // Nobody holds it after a move that grants it to none: no answer tells of that alone.
      ...(grants === null ? {} : { makes: { state: nameOf(grants, fence) } }),
    };
  },
  // Fences only grow.
  mayAnswer: (state, _calls, _input, output) =>
    output?.did !== true || output.grants === null || output.fence > state.fence,
  textOf: ({ holder, fence }) => (holder === null ? `nobody after ${fence}` : nameOf(holder, fence)),
  tell({ holder, by, move }, output) {
    const { ends, grants, fence } = output ?? move;
    const said = output === undefined ? '?' : output.did ? '' : 'refused';
    const words = [
      holder === null ? by : `${holder.did ?? 'whoever holds it'} on ${holder.fence}`,
      ends === 'no' ? '' : 'ends it',
      grants === null ? '' : `grants ${fence} to ${grants}`,
      said,
    ];
    return words.filter((word) => word !== '').join(', ');
  },
};

function moved(state: LeaseState, { ends, grants, fence }: LeaseMove): LeaseState | undefined {
  if (ends === 'must' && state.holder === null) return undefined;
  const holder = ends === 'no' ? state.holder : null;
  if (grants === null) return { ...state, holder };
  return holder === null && fence > state.fence ? { holder: grants, fence } : undefined;
}

const nameOf = (holder: string, fence: number): string => `${fence} of ${holder}`;
