import type { MeterHarness } from '../../src/compliance/index.ts';
import { assertAmount, METER_NAMES_MAX, METER_OVERFLOW } from '../../src/index.ts';
import { toyWorld } from './toy-world.ts';

export type MeterFault =
  | 'keeps the last amount'
  | 'gives its own record out'
  | 'keeps any number of names'
  | 'adds NaN';

export function toyMeter(fault: MeterFault | null): MeterHarness {
  const sums: Record<string, number> = Object.create(null);
  const meter = {
    add(name: string, amount: number) {
      if (fault !== 'adds NaN') assertAmount(amount);
      const isFull = fault !== 'keeps any number of names' && Object.keys(sums).length >= METER_NAMES_MAX;
      const key = isFull && !(name in sums) ? METER_OVERFLOW : name;
      sums[key] = (fault === 'keeps the last amount' ? 0 : (sums[key] ?? 0)) + amount;
    },
    read: () =>
      fault === 'gives its own record out'
        ? sums
        : Object.fromEntries(Object.entries(sums).sort(([left], [right]) => (left < right ? -1 : 1))),
  };
  return { ...toyWorld(), meter };
}
