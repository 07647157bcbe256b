/**
 * One number, read as a row of choices: the first of each list for 0, so that a smaller number is a simpler deed. What is left of the
 * number when a choice took its part is for the next.
 */
export class Choices {
  #left: number;

  constructor(number: number) {
    this.#left = number;
  }

  /** From 0 to `limit` - 1. */
  below(limit: number): number {
    const chosen = this.#left % limit;
    this.#left = Math.floor(this.#left / limit);
    return chosen;
  }

  /** One of a list; undefined when there is none. */
  of<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(Math.max(1, items.length))];
  }

  /** One of a list that has a first. */
  from<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  /** True once in `times`, and never for 0. */
  once(times: number): boolean {
    return this.below(times) === times - 1;
  }

  /** Some of a list: all of it every second time. */
  some<Item>(items: readonly Item[]): readonly Item[] {
    if (this.below(2) === 0) return items;
    const mask = this.below(32);
    return items.filter((_, index) => (mask >> (index % 5)) % 2 === 1);
  }
}
