import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planOf, simulate, type Wanted } from '../src/index.ts';

const FOLDER = new URL('../../../fuzz/seeds/', import.meta.url);
const LONG_MS = 300_000;

interface Kept {
  readonly wanted: Wanted;
  readonly property: string;
}

describe('a seed that failed once', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))(
    'fails no more: %s',
    async (name) => {
      const { wanted } = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Kept;
      expect((await simulate(planOf(wanted))).faults).toEqual([]);
    },
    LONG_MS,
  );
});
