import type { AppliedEntry, Keep } from '@canswarm/node';
import type { Store, StoreOperation } from '@canswarm/ports';
import {
  type Crypto,
  decodeCbor,
  type EnvelopeId,
  encodeCbor,
  equalBytes,
  isMap,
  type NeedId,
  ownField,
  toHex,
  utf8,
} from '@canswarm/protocol';
import { Problem } from './http/problem.ts';

/** How long a key is remembered, ms. */
const KEPT_MS = 24 * 3_600_000;
/** Keys remembered at once; none is forgotten before its time, so that no repetition spends twice. */
const KEYS_MAX = 10_000;
const PREFIX = 'kept-post/';

/** What a key stands for. */
interface Kept {
  /** Hash of the request. */
  readonly request: Uint8Array;
  readonly need: NeedId;
  /** The entry as it was signed; null once the log has taken it. */
  readonly entry: Uint8Array | null;
  /** What the request was answered with, JSON. */
  readonly answer: string;
  /** ms since 1970 */
  readonly at: number;
}

interface Posting {
  readonly request: Uint8Array;
  readonly answer: Promise<unknown>;
}

/** How what a key stands for is posted. Both resolve once the log has taken the need, and reject when it refuses it. */
export interface Post<T> {
  /** Posts it for the first time; `keepAs` is called with the answer before the need leaves. */
  first(keepAs: (answerOf: (need: NeedId) => T) => Keep): Promise<T>;
  /** Brings what was signed before to the log once more. */
  again(entry: Uint8Array, need: NeedId): Promise<unknown>;
}

export interface KeptPostsOptions {
  readonly store: Store;
  readonly crypto: Pick<Crypto, 'sha256'>;
  /** ms since 1970 */
  readonly now: () => number;
}

/**
 * What was posted under an Idempotency-Key. The signed need is durable with its key before it may be in the log, so after a
 * crash the same key brings the same need to the log again, which takes it once. A key whose need the law refused is free
 * again, since nothing was spent.
 *
 * Invariant: `#byNeed` has the keys whose need the log has not been seen to take or refuse.
 */
export class KeptPosts {
  readonly #options: KeptPostsOptions;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #byNeed = new Map<EnvelopeId, string>();
  readonly #posting = new Map<string, Posting>();

  constructor(options: KeptPostsOptions) {
    this.#options = options;
    const known = [...options.store.scan(PREFIX)].flatMap(([key, bytes]) => {
      const kept = read(bytes);
      return kept === null ? [] : [{ key, kept }];
    });
    for (const { key, kept } of known.sort((left, right) => left.kept.at - right.kept.at)) this.#remember(key, kept);
  }

  /** Learns from an applied entry, of an earlier life too, whether the log took a need. */
  take({ entry, outcome }: AppliedEntry): void {
    const key = this.#byNeed.get(entry.envelope.id);
    const kept = key === undefined ? undefined : this.#kept.get(key);
    if (key === undefined || kept === undefined) return;
    this.#byNeed.delete(entry.envelope.id);
    if (outcome.accepted) this.#write([this.#operation(key, { ...kept, entry: null })]);
    else this.#write([this.#forget(key)]);
  }

  /** Posts once what a key stands for, or gives what it gave. Rejects with a Problem, and as the posting does. */
  once<T>(name: string, request: string, post: Post<T>): Promise<T> {
    const { sha256 } = this.#options.crypto;
    const key = `${PREFIX}${toHex(sha256(utf8(name)))}`;
    const hash = sha256(utf8(request));
    const posting = this.#posting.get(key);
    if (posting !== undefined) {
      return equalBytes(posting.request, hash) ? (posting.answer as Promise<T>) : Promise.reject(conflict());
    }
    const answer = this.#answer(key, hash, post).finally(() => this.#posting.delete(key));
    this.#posting.set(key, { request: hash, answer });
    return answer;
  }

  async #answer<T>(key: string, request: Uint8Array, post: Post<T>): Promise<T> {
    this.#sweep();
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      if (!equalBytes(kept.request, request)) throw conflict();
      if (kept.entry === null || (await this.#again(key, kept.entry, kept.need, post))) {
        return JSON.parse(kept.answer) as T;
      }
    }
    if (this.#kept.size >= KEYS_MAX) {
      const hint = 'Keys are free again a day after their use. A request without a key is always taken.';
      throw new Problem('too_many_keys', `the node remembers ${KEYS_MAX} keys already`, hint);
    }
    return post.first((answerOf) => (id, entry) => {
      const need = id as string as NeedId;
      const at = this.#options.now();
      return [this.#operation(key, { request, need, entry, answer: JSON.stringify(answerOf(need)), at })];
    });
  }

  /** Whether what was signed before is in the log now; false when the law refused it, and so the key is free. */
  async #again<T>(key: string, entry: Uint8Array, need: NeedId, post: Post<T>): Promise<boolean> {
    try {
      await post.again(entry, need);
      return true;
    } catch (error) {
      if (this.#kept.has(key)) throw error;
      return false;
    }
  }

  /** Forgets keys whose time is over. */
  #sweep(): void {
    const oldest = this.#options.now() - KEPT_MS;
    const stale: StoreOperation[] = [];
    for (const [key, { at }] of this.#kept) {
      if (at >= oldest) break;
      stale.push(this.#forget(key));
    }
    if (stale.length > 0) this.#write(stale);
  }

  #remember(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    if (kept.entry !== null) this.#byNeed.set(kept.need, key);
  }

  #operation(key: string, kept: Kept): StoreOperation {
    this.#remember(key, kept);
    return { key, value: encodeCbor({ ...kept }) };
  }

  #forget(key: string): StoreOperation {
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#byNeed.delete(kept.need);
    this.#kept.delete(key);
    return { key, value: null };
  }

  /** What is lost of this by a power failure is learned again from the log. */
  #write(operations: readonly StoreOperation[]): void {
    this.#options.store.batch(operations, { sync: false });
  }
}

const conflict = (): Problem =>
  new Problem(
    'idempotency_conflict',
    'the Idempotency-Key was used for another request',
    'Send the same request, or take another key.',
  );

function read(bytes: Uint8Array): Kept | null {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isMap(decoded.value)) return null;
  const map = decoded.value;
  const [request, need, entry, answer, at] = ['request', 'need', 'entry', 'answer', 'at'].map((key) =>
    ownField(map, key),
  );
  if (!(request instanceof Uint8Array) || typeof need !== 'string' || typeof answer !== 'string') return null;
  if (typeof at !== 'number' || !(entry === null || entry instanceof Uint8Array)) return null;
  return { request: request.slice(), need: need as NeedId, entry: entry?.slice() ?? null, answer, at };
}
