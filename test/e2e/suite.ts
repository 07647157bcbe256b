/** How much of a suite is run: enough for every change, or all that is promised. */
export type Size = 'slice' | 'full';

/** What a suite tells while it runs. */
export interface Report {
  /** Something that must hold; `detail` says what was seen. */
  check(name: string, holds: boolean, detail?: string): void;
  /** A figure, by name. */
  metric(name: string, value: number): void;
  /** Something to be read, such as a line of a table. */
  say(line: string): void;
}

export interface Suite {
  readonly name: string;
  /** What of it can be run alone, by names such as `processes/network-cut`. */
  readonly parts?: readonly Suite[];
  /** What may be said of how it is run, as `--name value`. */
  readonly options?: readonly string[];
  run(size: Size, report: Report, options: RunOptions): Promise<void>;
}

/** What was said of how suites are run, by name. */
export type RunOptions = Readonly<Record<string, string>>;

export interface Outcome {
  readonly suite: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly passed: number;
  readonly failed: number;
  /** The checks that do not hold. */
  readonly failures: readonly string[];
}

/** Runs a suite to its end; what it throws is a failure. */
export async function runSuite(
  suite: Suite,
  size: Size,
  progress?: (line: string) => void,
  options: RunOptions = {},
): Promise<Outcome> {
  const metrics: Record<string, number> = {};
  const failures: string[] = [];
  let passed = 0;
  const report: Report = {
    check(name, holds, detail = '') {
      if (holds) passed += 1;
      else failures.push(detail === '' ? name : `${name}: ${detail}`);
      progress?.(`${holds ? 'ok  ' : 'FAIL'} ${suite.name}: ${name}${holds || detail === '' ? '' : `: ${detail}`}`);
    },
    metric(name, value) {
      metrics[name] = value;
    },
    say(line) {
      progress?.(line);
    },
  };
  try {
    await suite.run(size, report, options);
  } catch (error) {
    report.check('runs to its end', false, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return { suite: suite.name, metrics, passed, failed: failures.length, failures };
}
