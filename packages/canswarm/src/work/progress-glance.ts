import type { NeedId } from '@canswarm/protocol';
import type { ProgressBoard, WorkerProgress } from './progress-board.ts';

/** How long a need is followed after somebody looked at it, ms. */
const INTEREST_MS = 15_000;
/** Needs followed at once. */
const NEEDS_MAX = 64;

interface Followed {
  last: WorkerProgress | null;
  readonly stop: () => void;
  readonly timer: NodeJS.Timeout;
}

/** The latest word on the progress of needs that somebody looks at again and again; the first look finds none. */
export class ProgressGlance {
  readonly #board: Pick<ProgressBoard, 'listen'>;
  readonly #followed = new Map<NeedId, Followed>();

  constructor(board: Pick<ProgressBoard, 'listen'>) {
    this.#board = board;
  }

  of(need: NeedId): WorkerProgress | null {
    const followed = this.#followed.get(need) ?? this.#follow(need);
    followed?.timer.refresh();
    return followed?.last ?? null;
  }

  close(): void {
    for (const need of [...this.#followed.keys()]) this.#forget(need);
  }

  #follow(need: NeedId): Followed | null {
    if (this.#followed.size >= NEEDS_MAX) return null;
    const stop = this.#board.listen(need, (progress) => {
      followed.last = progress;
    });
    const timer = setTimeout(() => this.#forget(need), INTEREST_MS).unref();
    const followed: Followed = { last: null, stop, timer };
    this.#followed.set(need, followed);
    return followed;
  }

  #forget(need: NeedId): void {
    const followed = this.#followed.get(need);
    if (followed === undefined) return;
    clearTimeout(followed.timer);
    followed.stop();
    this.#followed.delete(need);
  }
}
