import { describe, it } from 'vitest';

/** One thing an adapter must do, told apart by name. It throws (by an assertion) when the adapter does not. */
export interface Check<Harness> {
  readonly name: string;
  /** Why this harness cannot show it, or null when it can. Absent: every harness can. */
  readonly lacks?: (harness: Harness) => string | null;
  readonly run: (harness: Harness) => Promise<void>;
}

/** How the checks move the world an adapter lives in, real or virtual. */
export interface World {
  /**
   * Lets the world go on until `promise` settles, and gives its outcome. Rejects when it has not settled within a bound of
   * the world's own, or can no longer settle.
   */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Lets the world go on until nothing is under way any more, as far as it can tell. */
  settle(): Promise<void>;
  /** Closes what the harness opened. */
  dispose(): Promise<void>;
}

/** Registers the checks as tests, each with a harness of its own. */
export function registerSuite<Harness extends World>(
  title: string,
  checks: readonly Check<Harness>[],
  make: () => Harness | Promise<Harness>,
): void {
  describe(title, () => {
    for (const check of checks) {
      it(check.name, async (context) => {
        const harness = await make();
        try {
          const lack = check.lacks?.(harness) ?? null;
          if (lack !== null) context.skip(lack);
          await check.run(harness);
        } finally {
          await harness.dispose();
        }
      });
    }
  });
}
