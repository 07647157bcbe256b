import { randomFillSync } from 'node:crypto';
import { openEtcdLog } from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { after, until } from '../processes/cluster.ts';

const PAUSE_MS = 10;
const CATCH_UP_MS = 60_000;
const SHARD = 'main';
const BURDEN_BYTES = 256 * 1024;
/** Longer than any fault lasts. */
const PATIENCE_MS = 60_000;

/** What the log has of what was acknowledged. */
export interface Account {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubles: number;
  /** Entries that stand before one that was acknowledged before they were given. */
  readonly disordered: number;
}

/** Appends one small entry after another to a log of its own, keeps when each was acknowledged, and reads them. */
export class Probe {
  readonly #log: DecisionLog;
  readonly #acknowledged: { readonly number: number; readonly at: number }[] = [];
  readonly #found: number[] = [];
  #cursor = 0;
  #running = true;
  #fault: unknown = null;
  readonly #ended: Promise<void>;

  private constructor(log: DecisionLog) {
    this.#log = log;
    log.follow(SHARD, 0, (records) => {
      for (const { bytes } of records) this.#found.push(Number(new TextDecoder().decode(bytes)));
      this.#cursor = records.at(-1)?.cursor ?? this.#cursor;
    });
    this.#ended = this.#run();
  }

  static async start(endpoints: readonly string[]): Promise<Probe> {
    return new Probe(await openEtcdLog({ endpoints, prefix: 'e2e/probe', patienceMs: PATIENCE_MS }));
  }

  /** The longest time without an acknowledgement since a moment, up to now, ms. */
  stallSince(moment: number): number {
    let [longest, last] = [0, moment];
    for (const { at } of [...this.#acknowledged.filter(({ at }) => at >= moment), { at: performance.now() }]) {
      longest = Math.max(longest, at - last);
      last = at;
    }
    return longest;
  }

  /** Puts something large into the cluster, beside what is judged. */
  burden(): Promise<void> {
    return this.#log.append('burden', [randomFillSync(new Uint8Array(BURDEN_BYTES))]);
  }

  /** Judges all that was acknowledged by now. Rejects with what an append failed for. */
  async account(): Promise<Account> {
    if (this.#fault !== null) throw this.#fault;
    const acknowledged = this.#acknowledged.map(({ number }) => number);
    const head = await this.#log.head(SHARD);
    await until(CATCH_UP_MS, 'the probe has read its log', async () => this.#cursor >= head);
    const there = new Set(this.#found);
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter((number) => !there.has(number)).length,
      doubles: this.#found.length - there.size,
      disordered: this.#found.filter((number, i) => number < (this.#found[i - 1] ?? 0)).length,
    };
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
    await this.#log.close();
  }

  async #run(): Promise<void> {
    try {
      for (let number = 0; this.#running; number += 1) {
        await this.#log.append(SHARD, [new TextEncoder().encode(`${number}`)]);
        this.#acknowledged.push({ number, at: performance.now() });
        await after(PAUSE_MS, () => undefined);
      }
    } catch (error) {
      this.#fault = error;
    }
  }
}
