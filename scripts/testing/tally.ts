/** How many tests, or steps that count as tests, ended which way. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0 };

export function addTallies(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

/** The last line of `npm test`, which .ci/run and other programs read. */
export function summaryLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}

/**
 * Counts the tests of a Vitest JSON report. A file that could not be loaded counts as one failure, and so do a report
 * without any test and an exit code that no counted failure explains (an unhandled error, a crash).
 */
export function tallyVitest(report: unknown, exitCode: number): Tally {
  let tally = emptyTally;
  for (const file of listOf(report, 'testResults')) {
    const assertions = listOf(file, 'assertionResults');
    for (const assertion of assertions) tally = addTallies(tally, tallyOne(field(assertion, 'status')));
    const failedToLoad =
      field(file, 'status') === 'failed' && !assertions.some((one) => field(one, 'status') === 'failed');
    if (failedToLoad) tally = addTallies(tally, { ...emptyTally, failed: 1 });
  }
  const unexplained = tally.failed === 0 && (exitCode !== 0 || tally.passed === 0);
  return unexplained ? { ...tally, failed: 1 } : tally;
}

/** What a Vitest JSON report says failed, a line each: file, test and the first line of why. For the end of a long output. */
export function failuresOf(report: unknown): string[] {
  return listOf(report, 'testResults').flatMap((file) => {
    const path = String(field(file, 'name'));
    const failed = listOf(file, 'assertionResults').filter((one) => tallyOne(field(one, 'status')).failed > 0);
    if (failed.length > 0) {
      return failed.map(
        (one) => `${path}: ${String(field(one, 'fullName'))}: ${firstLine(listOf(one, 'failureMessages')[0])}`,
      );
    }
    return field(file, 'status') === 'failed' ? [`${path}: ${firstLine(field(file, 'message'))}`] : [];
  });
}

function firstLine(text: unknown): string {
  return typeof text === 'string' ? (text.trim().split('\n')[0] ?? '') : 'no message';
}

function tallyOne(status: unknown): Tally {
  if (status === 'passed') return { ...emptyTally, passed: 1 };
  if (status === 'skipped' || status === 'pending' || status === 'todo' || status === 'disabled') {
    return { ...emptyTally, skipped: 1 };
  }
  return { ...emptyTally, failed: 1 };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? list : [];
}
