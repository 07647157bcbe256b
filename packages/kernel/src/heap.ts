/** A binary heap in an array: every item stands before both its children at 2i + 1 and 2i + 2. `before` is a strict order of all items. */
export type Before<Item> = (a: Item, b: Item) => boolean;

/** Puts an item in its place. */
export function pushHeap<Item>(heap: Item[], item: Item, before: Before<Item>): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || before(above, item)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

/** Takes out the first item, which stands at index 0. */
export function popHeap<Item>(heap: Item[], before: Before<Item>): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && before(right, left);
    const smaller = isRight ? right : left;
    if (before(last, smaller)) break;
    heap[index] = smaller;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = last;
}
