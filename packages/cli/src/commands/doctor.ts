import type { Finding } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { type Io, painter, type Style } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { indent, safe } from '../text.ts';
import { VERSION } from '../version.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options {
  readonly json?: boolean;
}

/** The oldest Node that runs this program: it strips types and has node:sqlite. */
const NODE_LEAST = [22, 18] as const;
const STYLES: Readonly<Record<Finding['status'], Style>> = { ok: 'green', warning: 'yellow', failed: 'red' };

export const doctorCommand: Register = (program, io, done) => {
  program
    .command('doctor')
    .summary('look whether this machine has what canswarm needs')
    .description(
      'Looks at everything on this machine that canswarm needs, and says of each what it means and what to do. Leaves nothing behind.',
    )
    .option(...JSON_OPTION)
    .addHelpText('after', examples('doctor', 'doctor --json'))
    .action(async (options: Options) => done(await doctor(io, options)));
};

async function doctor(io: Io, { json = false }: Options): Promise<ExitCode> {
  const findings: readonly Finding[] = [nodeFinding(process.versions.node), ...(await libraryFindings())];
  const failed = findings.filter(({ status }) => status === 'failed');
  const ok = failed.length === 0;
  report(io, json, { ok, version: VERSION, platform: `${process.platform} ${process.arch}`, findings }, () =>
    describe(io, findings, ok),
  );
  return ok ? EXIT.ok : EXIT.environment;
}

/** Exported for tests: what a version of Node means. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = NODE_LEAST;
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return {
    name: 'Node',
    status: enough ? 'ok' : 'failed',
    found: version,
    means: `canswarm needs Node ${leastMajor}.${leastMinor} or newer.`,
    todo: enough
      ? ''
      : 'Install it from https://nodejs.org, or run canswarm through npx in this workspace, which pins one.',
  };
}

async function libraryFindings(): Promise<readonly Finding[]> {
  try {
    const { examineMachine } = await loadCanswarm();
    return await examineMachine();
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return [{ name: 'library', status: 'failed', found: error.message, means: error.means, todo: error.todo }];
  }
}

function describe(io: Io, findings: readonly Finding[], ok: boolean): string {
  const paint = painter(io, io.out);
  const lines = findings.map(({ name, status, found, means, todo }) => {
    const head = `${paint(STYLES[status], status.padEnd(7))}  ${name}: ${safe(found)}`;
    return status === 'ok' ? head : `${head}\n${indent(`${means}\n${todo}`, '         ')}`;
  });
  const end = ok
    ? paint('green', 'This machine has what canswarm needs.')
    : paint('red', 'canswarm does not work here as it is.');
  return [...lines, '', end].join('\n');
}
