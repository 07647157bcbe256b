import type { KernelEvent, Need } from '@canswarm/kernel';
import type { Meter } from '@canswarm/ports';
import { type Did, encodeCbor, type NeedId, type Sha256, toHex } from '@canswarm/protocol';

/** Needs that are worked on, or whose results are kept, without a lease at once. */
const OPEN_MAX = 16;

/** What became of speculative work: it began; its result was committed; it was for nothing; it was for a task that is another now. */
export type SpeculationStep = 'begun' | 'salvaged' | 'wasted' | 'stale';

/** How much of it there was since the node's start. */
export interface SpeculationFigures extends Readonly<Record<SpeculationStep, number>> {
  /** Of which nothing is known yet. */
  readonly open: number;
}

export interface SpeculationOptions {
  readonly sha256: Sha256;
  readonly meter: Meter;
  readonly onStep: (step: SpeculationStep, need: NeedId, did: Did) => void;
}

/** Work of one key on one need that the log does not know of. */
interface Speculated {
  /** Hash of the task as it was worked on. */
  readonly task: string;
}

/**
 * Work that was begun or went on while the node was cut off from the log, and what became of it. The desk keeps the results; this says
 * whether one may be used in place of doing the work again: only for the same task, on the same inputs, under the same acceptance.
 */
export class Speculation {
  readonly #options: SpeculationOptions;
  readonly #open = new Map<NeedId, Map<Did, Speculated>>();
  readonly #counts = { begun: 0, salvaged: 0, wasted: 0, stale: 0 };

  constructor(options: SpeculationOptions) {
    this.#options = options;
  }

  get figures(): SpeculationFigures {
    return { ...this.#counts, open: [...this.#open.values()].reduce((sum, { size }) => sum + size, 0) };
  }

  /** Notes that a key begins, or goes on, to work on a need; false where as much is open as may be. */
  begin(need: Need, did: Did, engine: string): boolean {
    const known = this.#open.get(need.id);
    if (known?.has(did) === true) return true;
    if (known === undefined && this.#open.size >= OPEN_MAX) return false;
    this.#open.set(need.id, (known ?? new Map()).set(did, { task: this.#taskOf(need, engine) }));
    this.#step('begun', need.id, did);
    return true;
  }

  /** Whether a key that has a need now may use what it began before. What it may not use is wasted. */
  isValid(need: Need, did: Did, engine: string): boolean {
    const kept = this.#open.get(need.id)?.get(did);
    if (kept === undefined) return false;
    if (kept.task === this.#taskOf(need, engine)) return true;
    this.#end('stale', need.id, did);
    return false;
  }

  /** Learns from what an entry did what became of it. */
  take(event: KernelEvent): void {
    if (event.type === 'committed') this.#end('salvaged', event.need, event.worker);
    else if (event.type === 'lease_lost') this.#end('wasted', event.need, event.holder);
    else if (event.type === 'need_settled')
      for (const did of [...(this.#open.get(event.need)?.keys() ?? [])]) this.#end('wasted', event.need, did);
  }

  #end(step: SpeculationStep, need: NeedId, did: Did): void {
    const known = this.#open.get(need);
    if (known?.delete(did) !== true) return;
    if (known.size === 0) this.#open.delete(need);
    this.#step(step, need, did);
  }

  #step(step: SpeculationStep, need: NeedId, did: Did): void {
    const { meter, onStep } = this.#options;
    this.#counts[step] += 1;
    meter.add(`speculation.${step}`, 1);
    onStep(step, need, did);
  }

  #taskOf({ body: { skill, goal, acceptance }, inputs }: Need, engine: string): string {
    const task = { skill, goal, acceptance, engine, inputs: inputs.map(({ cid }) => cid) };
    return toHex(this.#options.sha256(encodeCbor(task)));
  }
}
