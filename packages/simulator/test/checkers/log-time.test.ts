import type { AppliedEntry } from '@canswarm/node';
import { describe, expect, it } from 'vitest';
import { logTime } from '../../src/checkers/log-time.ts';

describe('log time', () => {
  it.each([
    [100, []],
    [101, ['P15']],
  ])('at %i, where the latest clock stands at 100, breaks %j', (time, broken) => {
    const found: string[] = [];
    const checker = logTime(
      (property) => found.push(property),
      () => 100,
    );
    checker.onEntry(
      { position: 1, events: [{ type: 'time_advanced', time }] } as unknown as AppliedEntry,
      undefined as never,
    );
    expect(found).toEqual(broken);
  });
});
