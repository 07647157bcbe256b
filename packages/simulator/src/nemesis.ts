import type { RandomStream } from '@canswarm/ports';
import type { Plan, Rhythm } from './plan.ts';
import { happens, oneOf, PER_MILLION, shuffled, within } from './world/draw.ts';
import type { Machine } from './world/machine.ts';
import type { World } from './world/world.ts';

/** Ways to cut a network. */
const SHAPES = ['halves', 'one off', 'one way', 'deaf', 'bridge', 'ring', 'no log', 'no log, no peers'] as const;
type Shape = (typeof SHAPES)[number];

/** When a machine dies: now, or at one of so many next writes, words or steps. */
const CRASHES = ['now', 'now', 'write', 'write', 'word', 'step'] as const;
const [WRITES_MAX, WORDS_MAX, STEPS_MAX] = [6, 4, 40];
const HALF = PER_MILLION / 2;

/** What went wrong so far, by kind. */
export type Counts = Record<string, number>;

/** Does what the plan says goes wrong, from `start` until `stop`. */
export class Nemesis {
  readonly counts: Counts = {};
  readonly #world: World;
  readonly #plan: Plan;
  readonly #onRefusal: (name: string, error: unknown) => void;
  readonly #stream: RandomStream;
  #isRunning = false;

  /** `onRefusal` is told what keeps a machine from starting. */
  constructor(world: World, plan: Plan, onRefusal: (name: string, error: unknown) => void) {
    this.#onRefusal = onRefusal;
    this.#world = world;
    this.#plan = plan;
    this.#stream = world.random.stream('nemesis');
  }

  start(): void {
    this.#isRunning = true;
    const { partitions, clogs, crashes, fullDisks, slowness } = this.#plan;
    this.#repeat(partitions, () => this.#partition());
    this.#repeat(clogs, (lastMs) => this.#clog(lastMs));
    this.#repeat(crashes, () => this.#crash());
    this.#repeat(fullDisks, () => this.#fill());
    this.#repeat(slowness, () => this.#slow());
  }

  /** No new fault; all links are whole, every machine runs, what is sent arrives. */
  stop(): void {
    this.#isRunning = false;
    const { weather, machines, hub } = this.#world;
    weather.calm();
    for (const machine of machines.values()) machine.calm();
    hub.turned();
    this.keepUp();
  }

  /** Starts every machine that is down. One that does not start stays down. */
  keepUp(): void {
    for (const { node, name } of this.#world.machines.values())
      try {
        if (node === null) this.#world.restart(name);
      } catch (error) {
        this.#onRefusal(name, error);
      }
  }

  /** Begins a fault in a rhythm; each ends before the next of its kind begins. */
  #repeat(rhythm: Rhythm | null, begin: (lastMs: number) => (() => void) | undefined): void {
    if (rhythm === null) return;
    const { clock } = this.#world;
    clock.schedule(within(this.#stream, rhythm.everyMs), () => {
      if (!this.#isRunning) return;
      const lastMs = within(this.#stream, rhythm.lastMs);
      const end = begin(lastMs);
      clock.schedule(lastMs, () => {
        if (!this.#isRunning) return;
        end?.();
        this.#repeat(rhythm, begin);
      });
    });
  }

  #count(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  #partition(): () => void {
    const names = shuffled(this.#stream, [...this.#world.machines.keys()]);
    const shape = oneOf(this.#stream, SHAPES);
    this.#count(`partition ${shape}`);
    this.#cut(shape, names);
    this.#world.hub.turned();
    return () => {
      this.#count('heal');
      this.#world.weather.heal();
      for (const { link } of this.#world.machines.values()) link.heal();
      this.#world.hub.turned();
    };
  }

  #cut(shape: Shape, names: readonly string[]): void {
    const { weather, machines, hub } = this.#world;
    const middle = Math.ceil(names.length / 2);
    const [one, other] = [names.slice(0, middle), names.slice(middle)];
    const first = names.slice(0, 1);
    switch (shape) {
      case 'halves':
        return weather.cut(one, other);
      case 'one off':
        return weather.cut(first, names.slice(1));
      case 'one way':
        return weather.cut(one, other, true);
      case 'deaf':
        return weather.deafen(one, other);
      case 'bridge':
        // Two halves that only the first machine sees both of.
        return weather.cut(one.slice(1), other);
      case 'ring':
        // Each machine sees only its neighbours.
        for (const [index, name] of names.entries())
          weather.cut(
            [name],
            names.filter(
              (_, at) => at !== index && (at + 1) % names.length !== index && (index + 1) % names.length !== at,
            ),
          );
        return;
      case 'no log':
      case 'no log, no peers':
        for (const name of other) machines.get(name)?.link.cut();
        // Those who mean harm speak from nowhere in particular: else they would be peers still.
        if (shape !== 'no log') weather.cut([...one, ...hub.ids().filter((id) => !machines.has(id))], other);
    }
  }

  #clog(lastMs: number): undefined {
    const names = shuffled(this.#stream, [...this.#world.machines.keys()]);
    const some = names.slice(0, 1 + this.#stream.below(names.length));
    this.#count('clog');
    this.#world.weather.clog(some, names, this.#world.clock.now() + lastMs);
  }

  /** Power fails now, or inside one of its next writes, words or steps; it comes back after a time. */
  #crash(): () => void {
    const machine = this.#victim();
    // Where none is up, those that died of an earlier fault come back all the same.
    if (machine === undefined) return () => this.keepUp();
    const { lostBatches } = this.#plan;
    const isDone = happens(this.#stream, HALF);
    const how = oneOf(this.#stream, CRASHES);
    if (how === 'now') {
      const lost = machine.crash(lostBatches);
      this.#count(lost > 0 ? 'power cut that loses writes' : 'power cut');
    } else {
      this.#count(`crash at a ${how}`);
      if (how === 'write') machine.disk.crashAt(1 + this.#stream.below(WRITES_MAX), isDone);
      else machine.crashAt(how, 1 + this.#stream.below(how === 'word' ? WORDS_MAX : STEPS_MAX), isDone, lostBatches);
    }
    return () => this.keepUp();
  }

  #slow(): (() => void) | undefined {
    const machine = this.#victim();
    if (machine === undefined) return undefined;
    this.#count('slow machine');
    machine.slow(within(this.#stream, this.#plan.slowLagMs));
    return () => machine.slow(0);
  }

  #fill(): (() => void) | undefined {
    const machine = this.#victim();
    if (machine === undefined) return undefined;
    this.#count('full disk');
    machine.disk.fill(true);
    return () => {
      machine.disk.fill(false);
      // Its node stopped when it could not write.
      this.keepUp();
    };
  }

  #victim(): Machine | undefined {
    const up = [...this.#world.machines.values()].filter(({ node }) => node !== null);
    return up.length === 0 ? undefined : oneOf(this.#stream, up);
  }
}
