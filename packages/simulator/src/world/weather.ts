import type { Weather } from '@canswarm/memory';
import type { Random, RandomStream } from '@canswarm/ports';
import { happens, type Range, within } from './draw.ts';

/** How the network between nodes is at any time, besides what is cut or clogged. */
export interface NetworkFaults {
  readonly latencyMs: Range;
  /** Some deliveries take this much longer, and so overtake none and are overtaken. */
  readonly slowPerMillion: number;
  readonly slowMs: Range;
  readonly lossPerMillion: number;
  readonly duplicatePerMillion: number;
}

/** The links of nodes, each way apart: cut (nothing passes, both know), deaf (nothing passes, nobody knows), clogged (all waits). */
export class SimulatedWeather implements Weather {
  readonly #faults: NetworkFaults;
  readonly #stream: RandomStream;
  readonly #now: () => number;
  readonly #cut = new Set<string>();
  readonly #deaf = new Set<string>();
  /** Until when what is sent waits. */
  readonly #clogged = new Map<string, number>();
  /** When the last of these is over. */
  #cloggedUntil = 0;
  #calm = false;

  constructor(faults: NetworkFaults, random: Random, now: () => number) {
    this.#faults = faults;
    this.#stream = random.stream('weather');
    this.#now = now;
  }

  deliveries(from: string, to: string): readonly number[] {
    if (this.#clogged.size > 0 && this.#now() >= this.#cloggedUntil) this.#clogged.clear();
    const isWhole = this.#cut.size + this.#deaf.size + this.#clogged.size === 0;
    const link = isWhole ? '' : linkOf(from, to);
    if (!isWhole && (this.#cut.has(link) || this.#deaf.has(link))) return [];
    const { lossPerMillion, duplicatePerMillion, latencyMs } = this.#faults;
    // Nothing else draws from this stream, and calm weather stays: what is not needed is not drawn.
    if (this.#calm) return [within(this.#stream, latencyMs)];
    if (happens(this.#stream, lossPerMillion)) return [];
    const isDouble = happens(this.#stream, duplicatePerMillion);
    const waits = isWhole ? 0 : Math.max(0, (this.#clogged.get(link) ?? 0) - this.#now());
    const first = waits + this.#delay();
    return isDouble ? [first, waits + this.#delay()] : [first];
  }

  reaches(from: string, to: string): boolean {
    return !this.#cut.has(linkOf(from, to));
  }

  /** Cuts every link between the two sides, each way or only from the first to the second. */
  cut(one: readonly string[], other: readonly string[], isOneWay = false): void {
    for (const from of one)
      for (const to of other) {
        this.#cut.add(linkOf(from, to));
        if (!isOneWay) this.#cut.add(linkOf(to, from));
      }
  }

  /** As `cut`, and no node is told: it goes on to count the other as a peer. */
  deafen(from: readonly string[], to: readonly string[]): void {
    for (const one of from) for (const other of to) this.#deaf.add(linkOf(one, other));
  }

  clog(from: readonly string[], to: readonly string[], untilMs: number): void {
    this.#cloggedUntil = Math.max(this.#cloggedUntil, untilMs);
    for (const one of from) for (const other of to) this.#clogged.set(linkOf(one, other), untilMs);
  }

  /** Every link is whole again; what is lost stays lost. */
  heal(): void {
    this.#cut.clear();
    this.#deaf.clear();
    this.#clogged.clear();
  }

  /** From now on nothing is lost, doubled or late. */
  calm(): void {
    this.heal();
    this.#calm = true;
  }

  #delay(): number {
    const { latencyMs, slowPerMillion, slowMs } = this.#faults;
    const usual = within(this.#stream, latencyMs);
    return happens(this.#stream, slowPerMillion) ? usual + within(this.#stream, slowMs) : usual;
  }
}

const linkOf = (from: string, to: string): string => `${from}>${to}`;
