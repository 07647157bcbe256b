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
  const tally = listOf(report, 'testResults').map(tallyFile).reduce(addTallies, emptyTally);
  const unexplained = tally.failed === 0 && (exitCode !== 0 || tally.passed === 0);
  return unexplained ? { ...tally, failed: 1 } : tally;
}

/** What a Vitest JSON report says failed, a line each: file, test and the first line of why. For the end of a long output. */
export function failuresOf(report: unknown): string[] {
  const isFailed = (test: unknown): boolean => tallyOne(field(test, 'status')).failed > 0;
  const unloaded = listOf(report, 'testResults').filter(
    (file) => field(file, 'status') === 'failed' && !listOf(file, 'assertionResults').some(isFailed),
  );
  return [
    ...testsOf(report, isFailed),
    ...unloaded.map((file) => `${String(field(file, 'name'))}: ${firstLine(field(file, 'message'))}`),
  ];
}

/** The tests that passed, and not at the first try, a line each: file, test and the first line of why it had failed. */
export const retriedOf = (report: unknown): string[] =>
  testsOf(report, (test) => field(test, 'status') === 'passed' && listOf(test, 'failureMessages').length > 0);

function testsOf(report: unknown, isWanted: (test: unknown) => boolean): string[] {
  return listOf(report, 'testResults').flatMap((file) =>
    listOf(file, 'assertionResults')
      .filter(isWanted)
      .map((test) => {
        const why = firstLine(listOf(test, 'failureMessages')[0]);
        return `${String(field(file, 'name'))}: ${String(field(test, 'fullName'))}: ${why}`;
      }),
  );
}

function firstLine(text: unknown): string {
  return typeof text === 'string' ? (text.trim().split('\n')[0] ?? '') : 'no message';
}

function tallyFile(file: unknown): Tally {
  const tests = listOf(file, 'assertionResults').map((one) => tallyOne(field(one, 'status')));
  const tally = tests.reduce(addTallies, emptyTally);
  return field(file, 'status') === 'failed' && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
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
