import { expect } from 'vitest';
import { METER_NAMES_MAX, METER_OVERFLOW, type Meter } from '../meter.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface MeterHarness extends World {
  readonly meter: Meter;
}

export const meterChecks: readonly Check<MeterHarness>[] = [
  {
    name: 'sums per name',
    run: async ({ meter }) => {
      expect(meter.read()).toEqual({});
      meter.add('b', 2);
      meter.add('a', 1);
      meter.add('b', -5);
      meter.add('__proto__', 4);
      expect(Object.entries(meter.read())).toEqual([
        ['__proto__', 4],
        ['a', 1],
        ['b', -3],
      ]);
    },
  },
  {
    name: 'read is a copy',
    run: async ({ meter }) => {
      meter.add('a', 1);
      const before = meter.read();
      meter.add('a', 1);
      expect(before).toEqual({ a: 1 });
      expect(meter.read()).toEqual({ a: 2 });
    },
  },
  {
    name: 'collects names beyond the limit under one name',
    run: async ({ meter }) => {
      for (let i = 0; i < METER_NAMES_MAX + 10; i += 1) {
        meter.add(`name ${i}`, 1);
      }
      meter.add('name 0', 1);
      const sums = meter.read();
      expect(Object.keys(sums)).toHaveLength(METER_NAMES_MAX + 1);
      expect(sums[METER_OVERFLOW]).toBe(10);
      expect(sums['name 0']).toBe(2);
    },
  },
  {
    name: 'refuses amounts that are not finite',
    run: async ({ meter }) => {
      for (const amount of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        expect(() => meter.add('a', amount)).toThrow(RangeError);
      }
      expect(meter.read()).toEqual({});
    },
  },
];

/** What every `Meter` must do. */
export function meterCompliance(name: string, make: () => MeterHarness | Promise<MeterHarness>): void {
  registerSuite(`${name} is a Meter`, meterChecks, make);
}
