import type { RandomStream } from '@canswarm/ports';
import { oneOf, type Range, shuffled, within } from '../world/draw.ts';

/**
 * Those who mean harm: what they do, and what shows that they did not get through with it. Each has keys of its own with stake or
 * credits in the genesis, and can do all that a modified node can.
 */
export const ACTORS = {
  liar: { acts: 'a worker that bids low commits a wrong result', fails: 'it is judged wrong, or overturned' },
  staller: { acts: 'a worker that bids low takes a task and does nothing of it', fails: 'it loses the task' },
  planter: {
    acts: 'a worker whose wrong result failed opens its need, which was marked as a plant of it',
    fails: 'it opens a plant again, or what was none, and is refused',
  },
  'lazy verifier': {
    acts: 'a verifier passes a wrong result without looking',
    fails: 'it is outvoted, or slashed when the result is overturned',
  },
  colluders: {
    acts: 'two verifiers, fewer than any K, pass what their worker made wrong',
    fails: 'they are outvoted, or slashed when the result is overturned',
  },
  equivocator: {
    acts: 'a seat signs a second, different word for its vote, or the same on another history',
    fails: 'it is slashed',
  },
  'time liar': {
    acts: 'two verifiers report times far off, and show them in TICKs, alone or with some honest ones',
    fails: 'such a TICK is refused',
  },
  spammer: {
    acts: 'a key floods gossip and log with what costs others work, as far as its credits go',
    fails: 'the log refuses an entry of it, and burns its fee',
  },
  relayer: {
    acts: 'what others say or append is altered, cut, mixed and repeated',
    fails: 'nodes refuse what its sender did not sign',
  },
} as const satisfies Record<string, { readonly acts: string; readonly fails: string }>;
export type ActorKind = keyof typeof ACTORS;
/** That an actor did its worst, and that it did not get through with it. */
export type Act = `${ActorKind} acts` | `${ActorKind} fails`;

/** What somebody who means harm does, from when on, and how often where it acts by itself. */
export interface ActorPlan {
  readonly kind: ActorKind;
  /** Since the start, ms. */
  readonly fromMs: number;
  readonly everyMs: Range;
}

const MOST = 4;

/** Up to four kinds of them, or none. */
export function drawActors(stream: RandomStream): readonly ActorPlan[] {
  const count = stream.below(MOST + 1);
  const kinds = shuffled(stream, Object.keys(ACTORS) as ActorKind[]).slice(0, count);
  return kinds.map((kind) => ({
    kind,
    fromMs: oneOf(stream, [0, within(stream, { min: 1, max: 3_000 })]),
    everyMs: oneOf(stream, [
      { min: 50, max: 250 },
      { min: 300, max: 1_200 },
    ]),
  }));
}
