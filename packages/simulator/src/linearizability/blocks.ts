import type { Block, Operation } from './model.ts';

/** When the first of a block was answered and the last of it was called. */
interface Zone {
  readonly returned: number;
  readonly called: number;
}

/**
 * Whether blocks can be put in an order that keeps to real time, by the rule of Gibbons and Korach (Testing Shared Memories, 1997). A block
 * some of which was answered before other of it was called takes up all the time between: no two of these overlap. All of any other overlaps at
 * some time, and fits in at once there: it has a place if not all of that time is within one of the first kind.
 */
export function fitTogether<Input, Output>(blocks: readonly Block<Input, Output>[]): boolean {
  if (!blocks.every(isInTurn)) return false;
  const zones = blocks.map(zoneOf);
  const long = zones.filter(isLong).sort((a, b) => a.returned - b.returned);
  if (long.some(({ returned }, index) => returned < (long[index - 1]?.called ?? -Infinity))) return false;
  // Those that are long do not overlap, so that the only one that may hold a time is the last that begins before it.
  return zones.every((zone) => {
    if (isLong(zone)) return true;
    const around = lastBefore(long, zone.called);
    return around === undefined || around.called < zone.returned;
  });
}

const isLong = ({ returned, called }: Zone): boolean => returned < called;

/** Whether no operation of a block was answered before one was called that comes earlier. */
function isInTurn<Input, Output>(block: Block<Input, Output>): boolean {
  let called = -Infinity;
  for (const { change, finds } of block) {
    if (change !== null) {
      if (change.returned < called) return false;
      called = Math.max(called, change.called);
    }
    const before = called;
    for (const one of finds) {
      if (one.returned < before) return false;
      called = Math.max(called, one.called);
    }
  }
  return true;
}

function zoneOf<Input, Output>(block: Block<Input, Output>): Zone {
  let [returned, called] = [Infinity, -Infinity];
  for (const { change, finds } of block) {
    if (change === null) returned = -Infinity;
    const operations: readonly Operation<Input, Output>[] = change === null ? finds : [change, ...finds];
    for (const one of operations) {
      returned = Math.min(returned, one.returned);
      called = Math.max(called, one.called);
    }
  }
  return { returned, called };
}

function lastBefore(zones: readonly Zone[], time: number): Zone | undefined {
  let [low, high] = [0, zones.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((zones[middle]?.returned ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return zones[low - 1];
}
