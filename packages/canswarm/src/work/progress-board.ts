import { type Node, readProgress } from '@canswarm/node';
import type { ContentStore, Progress } from '@canswarm/ports';
import type { Cid, Did, NeedId, VerifiedEnvelope } from '@canswarm/protocol';

/** How long one block of progress may take, ms. */
const FETCH_MS = 2_000;

/** The latest word of a worker on how far it is. */
export interface WorkerProgress extends Progress {
  readonly from: Did;
}

type Listener = (progress: WorkerProgress) => void;

interface Listened {
  readonly listeners: Set<Listener>;
  /** The block being fetched, and the one wanted after it. */
  fetching: boolean;
  wanted: { readonly cid: Cid; readonly from: Did } | null;
  last: Cid | null;
}

/**
 * What holders of leases say of their progress, for needs that somebody listens to. A heartbeat names a small block; one is fetched at a
 * time for each need, the newest next, so that who names many costs nothing more.
 */
export class ProgressBoard {
  readonly #content: Pick<ContentStore, 'get'>;
  readonly #needs = new Map<NeedId, Listened>();
  readonly #stop: () => void;

  constructor(node: Pick<Node, 'listen'>, content: Pick<ContentStore, 'get'>) {
    this.#content = content;
    this.#stop = node.listen({ onHeard: (envelope) => this.#heard(envelope) });
  }

  listen(need: NeedId, listener: Listener): () => void {
    const listened = this.#needs.get(need) ?? { listeners: new Set(), fetching: false, wanted: null, last: null };
    this.#needs.set(need, listened);
    listened.listeners.add(listener);
    return () => {
      listened.listeners.delete(listener);
      if (listened.listeners.size === 0) this.#needs.delete(need);
    };
  }

  close(): void {
    this.#stop();
    this.#needs.clear();
  }

  #heard({ payload }: VerifiedEnvelope): void {
    if (payload.verb !== 'HEARTBEAT' || payload.body.progress === null) return;
    const listened = this.#needs.get(payload.body.need);
    if (listened === undefined || listened.last === payload.body.progress) return;
    listened.wanted = { cid: payload.body.progress, from: payload.from };
    if (!listened.fetching) void this.#fetch(listened);
  }

  async #fetch(listened: Listened): Promise<void> {
    listened.fetching = true;
    while (listened.wanted !== null) {
      const { cid, from } = listened.wanted;
      listened.wanted = null;
      listened.last = cid;
      // What cannot be had was only a word on progress.
      const progress = await readProgress(this.#content, cid, FETCH_MS).catch(() => null);
      if (progress !== null) for (const listener of [...listened.listeners]) listener({ ...progress, from });
    }
    listened.fetching = false;
  }
}
