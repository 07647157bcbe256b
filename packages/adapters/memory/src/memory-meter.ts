import { assertAmount, METER_NAMES_MAX, METER_OVERFLOW, type Meter } from '@canswarm/ports';
import { compareText } from '@canswarm/protocol';

/** A meter that keeps its sums in memory until they are read. */
export function memoryMeter(): Meter {
  const sums = new Map<string, { sum: number }>();
  const newSum = (name: string): { sum: number } => {
    const isRoom = sums.size - (sums.has(METER_OVERFLOW) ? 1 : 0) < METER_NAMES_MAX;
    const key = isRoom ? name : METER_OVERFLOW;
    const kept = sums.get(key) ?? { sum: 0 };
    sums.set(key, kept);
    return kept;
  };
  return {
    add(name, amount) {
      assertAmount(amount);
      const kept = sums.get(name) ?? newSum(name);
      kept.sum += amount;
    },
    read: () =>
      Object.fromEntries(
        [...sums].map(([name, { sum }]) => [name, sum] as const).sort(([left], [right]) => compareText(left, right)),
      ),
  };
}
