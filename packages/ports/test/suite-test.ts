import { describe, expect, it } from 'vitest';
import type { Check, World } from '../src/compliance/index.ts';

/** A toy adapter: sound without a fault, and otherwise broken in exactly that way. */
type MakeToy<Harness, Fault extends string> = (fault: Fault | null) => Harness;

/** For each fault the names of the checks that have to notice it. */
type Faults<Fault extends string> = Readonly<Record<Fault, readonly string[]>>;

async function failureOf<Harness extends World>(check: Check<Harness>, harness: Harness): Promise<unknown> {
  try {
    await check.run(harness);
    return null;
  } catch (error) {
    return error;
  } finally {
    await harness.dispose();
  }
}

/**
 * Tests a compliance suite: a sound toy passes every check, each planted fault is noticed by the checks named, and there is
 * no check that nothing makes fail.
 */
export function suiteTest<Harness extends World, Fault extends string>(
  port: string,
  checks: readonly Check<Harness>[],
  make: MakeToy<Harness, Fault>,
  faults: Faults<Fault>,
): void {
  const named = Object.entries<readonly string[]>(faults).flatMap(([fault, names]) =>
    names.map((name) => [fault as Fault, name] as const),
  );

  describe(`the suite of ${port}`, () => {
    it.each(checks.map((check) => [check.name, check] as const))('passes a sound toy: %s', async (_name, check) => {
      const harness = make(null);
      if ((check.lacks?.(harness) ?? null) !== null) return harness.dispose();
      expect(await failureOf(check, harness)).toBeNull();
    });

    it.each(named)('notices "%s": %s', async (fault, name) => {
      const check = checks.find((each) => each.name === name);
      if (check === undefined) return expect.fail(`there is no check "${name}"`);
      expect(await failureOf(check, make(fault))).toBeInstanceOf(Error);
    });

    it('has no check that cannot fail', () => {
      const proven = new Set(named.map(([, name]) => name));
      expect(checks.map((check) => check.name).filter((name) => !proven.has(name))).toEqual([]);
    });
  });
}
