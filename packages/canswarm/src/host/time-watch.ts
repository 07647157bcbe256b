import { keyWeights, poolOf, tickDue } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { Did } from '@canswarm/protocol';
import type { StandStill } from '../need/hindrance.ts';

/** How long no entry may come though log time should move, before that is worth telling, ms. */
const STILL_MS = 5_000;
const LOOK_MS = 1_000;
const WHOLE_BPS = 10_000;

export type WatchedNode = Pick<Node, 'state'> & { readonly heard: Pick<Node['heard'], 'reports'> };

/**
 * Watches whether log time moves where it should. It is moved by what verifiers report, so where too few of them are heard of, nobody
 * judges, no lease ends and no deadline comes, and the log itself cannot say so. Spec: `spec/05-committees.md`, log time.
 */
export class TimeWatch {
  readonly #node: WatchedNode;
  readonly #now: () => number;
  #movedAt: number;

  constructor(node: WatchedNode, now: () => number) {
    this.#node = node;
    this.#now = now;
    this.#movedAt = now();
  }

  /** An entry was applied. */
  moved(): void {
    this.#movedAt = this.#now();
  }

  /** Whether log time stands still now, though something waits for it. */
  look(): StandStill | null {
    const now = this.#now();
    const { state } = this.#node;
    if (now - this.#movedAt < STILL_MS || !tickDue(state, now - STILL_MS)) return null;
    const heard = new Set<Did>();
    for (const { payload } of this.#node.heard.reports())
      if (payload.verb === 'REPORT' && payload.body.time >= now - STILL_MS) heard.add(payload.from);
    const { entities } = poolOf(state);
    const all = entities.reduce((sum, { weight }) => sum + weight, 0);
    const known = entities.flatMap(keyWeights).reduce((sum, { did, weight }) => sum + (heard.has(did) ? weight : 0), 0);
    const missing = entities
      .filter(({ keys }) => keys.some(({ did }) => !heard.has(did)))
      .sort((a, b) => b.weight - a.weight)
      .map(({ entity }) => entity.replace(/^org:/, ''));
    return { since: this.#movedAt, heardBps: all === 0 ? 0 : Math.floor((known * WHOLE_BPS) / all), missing };
  }

  /** Looks every second and tells what it finds, null while time moves; gives what ends it. */
  tell(found: (still: StandStill | null) => void): () => void {
    const timer = setInterval(() => found(this.look()), LOOK_MS);
    timer.unref();
    return () => clearInterval(timer);
  }
}

/** As the list of what does not work has it. */
export class TimeStandsError extends Error {
  readonly code = 'still';
  constructor({ heardBps, missing }: StandStill) {
    const silent = missing.slice(0, 3).join(', ');
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    super(
      `verifiers with ${Math.floor(heardBps / 100)} % of the weight are heard of, and more than half is needed` +
        (missing.length === 0 ? '' : `; missing are verifiers of ${silent}${more}`),
    );
    this.name = 'TimeStandsError';
  }
}
