/** Numbers of needed operations that are kept of one name to compare with: more are looked up as they are. */
const COMPARED_MAX = 32;

/**
 * Configurations that were looked at: what is done and the state, by name, and how many unanswered operations of each sort were needed. Who
 * needed more has less left: what leads nowhere with few leads nowhere with more.
 */
export class Visited {
  readonly #needed = new Map<string, Uint16Array[]>();
  readonly #exact = new Set<string>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Notes a configuration; false where one was noted that is known to need no more of any sort. */
  add(name: string, needed: Uint16Array): boolean {
    const known = this.#needed.get(name) ?? [];
    if (known.some((less) => isWithin(less, needed))) return false;
    if (known.length === COMPARED_MAX) {
      const whole = `${name} ${String.fromCharCode(...needed)}`;
      if (this.#exact.has(whole)) return false;
      this.#exact.add(whole);
    } else this.#needed.set(name, [...known, needed.slice()]);
    this.#size += 1;
    return true;
  }
}

function isWithin(less: Uint16Array, more: Uint16Array): boolean {
  for (let sort = 0; sort < less.length; sort += 1) if ((less[sort] ?? 0) > (more[sort] ?? 0)) return false;
  return true;
}
