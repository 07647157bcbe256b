import { parseArgs } from 'node:util';
import { type Outcome, type RunOptions, runSuite, type Size, type Suite } from './suite.ts';

/**
 * Runs the suites or parts of suites that the arguments name, or all, and prints what came of it: progress on standard error, on the last
 * line of standard output `{ "suite", "metrics", "passed", "failed" }`. Several suites put their names before their
 * metrics. Returns the exit code: 0 only when nothing failed, 2 for a name or an option that is none.
 */
export async function runCommand(command: string, suites: readonly Suite[], args: readonly string[]): Promise<number> {
  const known = suites.flatMap((suite) => [suite, ...(suite.parts ?? [])]);
  const said = read(args, new Set(known.flatMap(({ options = [] }) => options)));
  if (typeof said === 'string') {
    console.error(said);
    return 2;
  }
  const { names, options, size } = said;
  const unknown = names.find((name) => !known.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    console.error(`no suite ${unknown}; there are ${known.map((suite) => suite.name).join(', ')}`);
    return 2;
  }
  const chosen = names.length === 0 ? suites : known.filter((suite) => names.includes(suite.name));
  const outcomes: Outcome[] = [];
  for (const suite of chosen) outcomes.push(await runSuite(suite, size, (line) => console.error(line), options));
  const [only] = outcomes;
  const summary = outcomes.length === 1 && only !== undefined ? only : together(command, outcomes);
  const { suite, metrics, passed, failed } = summary;
  console.log(JSON.stringify({ suite, metrics, passed, failed }));
  return failed === 0 ? 0 : 1;
}

interface Said {
  readonly names: readonly string[];
  readonly options: RunOptions;
  readonly size: Size;
}

/** What the arguments say, or what is wrong with them. */
function read(args: readonly string[], texts: ReadonlySet<string>): Said | string {
  const known = Object.fromEntries([...texts].map((name) => [name, { type: 'string' as const }]));
  const flags = { json: { type: 'boolean' as const }, slice: { type: 'boolean' as const } };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...known, ...flags },
      allowPositionals: true,
    });
    const texts = Object.entries(values as Readonly<Record<string, unknown>>);
    const options = texts.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
    return {
      names: positionals,
      options: Object.fromEntries(options),
      size: values['slice'] === true ? 'slice' : 'full',
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function together(suite: string, outcomes: readonly Outcome[]): Outcome {
  const named = outcomes.flatMap(({ suite: of, metrics }) =>
    Object.entries(metrics).map(([name, value]): [string, number] => [`${of}.${name}`, value]),
  );
  const sum = (part: 'passed' | 'failed'): number => outcomes.reduce((total, outcome) => total + outcome[part], 0);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  return { suite, metrics: Object.fromEntries(named), passed: sum('passed'), failed: sum('failed'), failures };
}
