import { openEtcdLog } from '@canswarm/log-etcd';
import type { DecisionLog } from '@canswarm/ports';
import { after } from '../processes/cluster.ts';

const PAUSE_MS = 10;

/** Appends one small entry after another to a log of its own, and keeps when each was acknowledged. */
export class Probe {
  readonly #log: DecisionLog;
  readonly #acknowledged: { readonly text: string; readonly at: number }[] = [];
  #running = true;
  readonly #ended: Promise<void>;

  private constructor(log: DecisionLog) {
    this.#log = log;
    this.#ended = this.#run();
  }

  static async start(endpoints: readonly string[]): Promise<Probe> {
    return new Probe(await openEtcdLog({ endpoints, prefix: 'e2e/probe', patienceMs: 60_000 }));
  }

  /** The longest time without an acknowledgement since a moment, up to now, ms. */
  stallSince(moment: number): number {
    const times = this.#acknowledged.map(({ at }) => at).filter((at) => at >= moment);
    let [longest, last] = [0, moment];
    for (const at of [...times, performance.now()]) {
      longest = Math.max(longest, at - last);
      last = at;
    }
    return longest;
  }

  /** Stops, and gives how many entries were acknowledged, and how many of them the log does not have, or has twice. */
  async stop(): Promise<{ readonly acknowledged: number; readonly lost: number; readonly doubles: number }> {
    this.#running = false;
    await this.#ended;
    const head = await this.#log.head('main');
    const found: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const reading = this.#log.follow('main', 0, (records) => {
      for (const { bytes } of records) found.push(new TextDecoder().decode(bytes));
      if ((records.at(-1)?.cursor ?? 0) >= head) resolve();
    });
    if (head > 0) await Promise.race([promise, reading.ended]);
    await this.#log.close();
    const there = new Set(found);
    const lost = this.#acknowledged.filter(({ text }) => !there.has(text)).length;
    return { acknowledged: this.#acknowledged.length, lost, doubles: found.length - there.size };
  }

  async #run(): Promise<void> {
    for (let number = 0; this.#running; number += 1) {
      const text = `probe ${number}`;
      await this.#log.append('main', [new TextEncoder().encode(text)]);
      this.#acknowledged.push({ text, at: performance.now() });
      await after(PAUSE_MS, () => undefined);
    }
  }
}
