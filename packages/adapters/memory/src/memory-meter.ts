import { assertAmount, METER_NAMES_MAX, METER_OVERFLOW, type Meter } from '@canswarm/ports';
import { compareText } from '@canswarm/protocol';

/** A meter that keeps its sums in memory until they are read. */
export function memoryMeter(): Meter {
  const sums = new Map<string, number>();
  return {
    add(name, amount) {
      assertAmount(amount);
      const kept = sums.has(name) || sums.size - (sums.has(METER_OVERFLOW) ? 1 : 0) < METER_NAMES_MAX;
      const key = kept ? name : METER_OVERFLOW;
      sums.set(key, (sums.get(key) ?? 0) + amount);
    },
    read: () => Object.fromEntries([...sums].sort(([left], [right]) => compareText(left, right))),
  };
}
