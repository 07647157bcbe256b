import { type Outcome, runSuite, type Size, type Suite } from './suite.ts';

/**
 * Runs the suites or parts of suites that the arguments name, or all, and prints what came of it: progress on standard error, on the last
 * line of standard output `{ "suite", "metrics", "passed", "failed" }`. Several suites put their names before their
 * metrics. Returns the exit code: 0 only when nothing failed, 2 for a name that is none.
 */
export async function runCommand(command: string, suites: readonly Suite[], args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const size: Size = args.includes('--slice') ? 'slice' : 'full';
  const known = suites.flatMap((suite) => [suite, ...(suite.parts ?? [])]);
  const unknown = names.find((name) => !known.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    console.error(`no suite ${unknown}; there are ${known.map((suite) => suite.name).join(', ')}`);
    return 2;
  }
  const chosen = names.length === 0 ? suites : known.filter((suite) => names.includes(suite.name));
  const outcomes: Outcome[] = [];
  for (const suite of chosen) outcomes.push(await runSuite(suite, size, (line) => console.error(line)));
  const [only] = outcomes;
  const summary = outcomes.length === 1 && only !== undefined ? only : together(command, outcomes);
  const { suite, metrics, passed, failed } = summary;
  console.log(JSON.stringify({ suite, metrics, passed, failed }));
  return failed === 0 ? 0 : 1;
}

function together(suite: string, outcomes: readonly Outcome[]): Outcome {
  const named = outcomes.flatMap(({ suite: of, metrics }) =>
    Object.entries(metrics).map(([name, value]): [string, number] => [`${of}.${name}`, value]),
  );
  const sum = (part: 'passed' | 'failed'): number => outcomes.reduce((total, outcome) => total + outcome[part], 0);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  return { suite, metrics: Object.fromEntries(named), passed: sum('passed'), failed: sum('failed'), failures };
}
