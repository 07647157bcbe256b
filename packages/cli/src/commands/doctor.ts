import { resolve } from 'node:path';
import type { Finding } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import { homeFailure } from '../home/home-failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter, type Style } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { hostFailure } from '../network/host-failure.ts';
import { NETWORK_OPTION, type NetworkFlags, openNetwork } from '../network/open-network.ts';
import { NODE_LEAST, nodeSuffices } from '../node-version.ts';
import { report } from '../report.ts';
import { count, indent, safe } from '../text.ts';
import { VERSION } from '../version.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options extends NetworkFlags {
  readonly json?: boolean;
}

const STYLES: Readonly<Record<Finding['status'], Style>> = { ok: 'green', warning: 'yellow', failed: 'red' };

export const doctorCommand: Register = (program, io, done) => {
  program
    .command('doctor')
    .summary('look whether this machine and its network are as they should be')
    .description(
      'Looks at everything on this machine that canswarm needs, then at the network of the home: its files and log, and each of its nodes (life, clock, peers, place in the log, verifiers). Says of each fault what it means and what to do. Leaves nothing behind.',
    )
    .option(...HOME_OPTION)
    .option(...NETWORK_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('doctor', 'doctor --json'))
    .action(async (options: Options) => done(await doctor(io, options)));
};

async function doctor(io: Io, options: Options): Promise<ExitCode> {
  const { json = false } = options;
  const findings: readonly Finding[] = [
    nodeFinding(process.versions.node),
    ...(await libraryFindings(io, options)),
    ...(await networkFindings(io, options)),
  ];
  const failed = findings.filter(({ status }) => status === 'failed');
  const ok = failed.length === 0;
  report(io, json, { ok, version: VERSION, platform: `${process.platform} ${process.arch}`, findings }, () =>
    describe(io, findings),
  );
  return ok ? EXIT.ok : EXIT.environment;
}

/** Exported for tests: what a version of Node means. */
export function nodeFinding(version: string): Finding {
  const enough = nodeSuffices(version);
  return {
    name: 'Node',
    status: enough ? 'ok' : 'failed',
    found: version,
    means: `canswarm needs Node ${NODE_LEAST} or newer.`,
    todo: enough
      ? ''
      : 'Install it from https://nodejs.org, or run canswarm through npx in this workspace, which pins one.',
  };
}

async function libraryFindings(io: Io, { home }: Options): Promise<readonly Finding[]> {
  try {
    const { dataFolder, examineMachine } = await loadCanswarm();
    return await examineMachine(resolve(home ?? dataFolder(io.env, process.platform)));
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return [{ name: 'library', status: 'failed', found: error.message, means: error.means, todo: error.todo }];
  }
}

/** A home or network that cannot be opened is a finding too. */
async function networkFindings(io: Io, options: Options): Promise<readonly Finding[]> {
  try {
    const { canswarm, folder, home } = await openNetwork(io, options);
    return await canswarm.examineNetwork(folder, home.config.values);
  } catch (error) {
    if (error instanceof CliFailure && error.code === 'library_missing') return [];
    const failure = homeFailure(error) ?? hostFailure(error);
    if (failure === null || failure.exit === EXIT.usage) throw error;
    return [{ name: 'home', status: 'failed', found: failure.message, means: failure.means, todo: failure.todo }];
  }
}

function describe(io: Io, findings: readonly Finding[]): string {
  const paint = painter(io, io.out);
  const lines = findings.map(({ name, status, found, means, todo }) => {
    const head = `${paint(STYLES[status], status.padEnd(7))}  ${name}: ${safe(found)}`;
    return status === 'ok' ? head : `${head}\n${indent(`${means}\n${todo}`, '         ')}`;
  });
  const [style, end] = verdictOf(findings);
  return [...lines, '', paint(style, end)].join('\n');
}

/** Exported for tests: the last line, and its colour. */
export function verdictOf(findings: readonly Pick<Finding, 'status'>[]): readonly [Style, string] {
  if (findings.some(({ status }) => status === 'failed')) return ['red', 'Something is wrong: see what failed, above.'];
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  if (warnings === 0) return ['green', 'Nothing is wrong here.'];
  return ['yellow', `Nothing is broken; ${count(warnings, 'warning')}: see above.`];
}
