import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StorageError } from '@canswarm/ports';
import { type ClientOptions, EtcdClient } from './client.ts';
import { type EtcdError, etcdError, isPassing } from './etcd-error.ts';
import { type Layout, layoutOf } from './layout.ts';

/** How long who ends without a word still seems to be there, s. */
const LEASE_SECONDS = 30;
/** Renewals within that time. */
const RENEWALS = 3;
/** What is given to each call, and to the last, ms. */
const CALL_MS = 2_000;
const END_MS = 1_000;
/** Longest text that somebody says of itself, bytes. */
const SAID_BYTES_MAX = 4_096;
/** Most that are listed. */
const LISTED_MAX = 1_000;

/** What somebody who has a log open says of itself to whoever looks who is there. */
export interface PresenceOptions {
  /** At most 4 KiB. */
  readonly said: string;
  /** Of the lease, at least 2. Default 30. */
  readonly seconds?: number;
  /** Told why it cannot be said, and null when it can again; not that the cluster does not answer. */
  readonly onTrouble?: (trouble: EtcdError | null) => void;
}

/** Throws a StorageError `invalid` for a text that is too long. */
export function assertSaid({ said }: PresenceOptions): void {
  const bytes = Buffer.byteLength(said);
  if (bytes > SAID_BYTES_MAX)
    throw new StorageError('invalid', `who is at a log says ${SAID_BYTES_MAX} bytes of itself at most, not ${bytes}`);
}

/**
 * Says under a lease that somebody has a log open, until it is closed. Whoever may write the log may say anything here: it is for people who look
 * who is there, and nothing is decided by it.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #client: EtcdClient;
  readonly #key: Uint8Array;
  readonly #over = new AbortController();
  readonly #done: Promise<void>;
  #lease: string | null = null;
  #isTold = false;

  constructor(client: EtcdClient, layout: Layout, options: PresenceOptions) {
    this.#options = options;
    this.#client = client;
    this.#key = layout.node(randomBytes(8).toString('hex'));
    this.#done = this.#stay();
  }

  /** Ends the lease, where the cluster answers; else it ends by itself. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#done;
    const lease = this.#lease;
    this.#lease = null;
    if (lease !== null) await this.#client.endLease(lease, { withinMs: END_MS }).catch(() => undefined);
  }

  async #stay(): Promise<void> {
    const { seconds = LEASE_SECONDS, onTrouble } = this.#options;
    const { signal } = this.#over;
    while (!signal.aborted) {
      const trouble = await this.#renew(seconds).then(() => null, etcdError);
      const told = trouble === null || isPassing(trouble) ? null : trouble;
      if ((told !== null) !== this.#isTold) onTrouble?.(told);
      this.#isTold = told !== null;
      await sleep((seconds * 1_000) / RENEWALS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #renew(seconds: number): Promise<void> {
    const patience = { withinMs: CALL_MS };
    if (this.#lease !== null && (await this.#client.keepLease(this.#lease, patience)) > 0) return;
    this.#lease = null;
    const lease = await this.#client.grant(seconds, patience);
    await this.#client.put({ key: this.#key, value: Buffer.from(this.#options.said), lease }, patience);
    this.#lease = lease;
  }
}

/** What everybody says of itself who has a log open; a thousand at most. Rejects with an EtcdError when the cluster does not answer within the time, or not to us. */
export async function presentAt(access: ClientOptions, prefix: string, withinMs: number): Promise<readonly string[]> {
  const client = new EtcdClient(access);
  try {
    const { kvs } = await client.range({ ...layoutOf(prefix).nodes, limit: LISTED_MAX }, { withinMs });
    return kvs.flatMap(({ value }) => (value.length > SAID_BYTES_MAX ? [] : [Buffer.from(value).toString()]));
  } catch (error) {
    throw etcdError(error);
  } finally {
    client.close();
  }
}
