import type { Challenges } from '@canswarm/api';
import { EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { onNode } from '../money/own-key.ts';
import { clientFor, type NetworkFlags, openNetwork } from '../network/open-network.ts';
import { report } from '../report.ts';
import { creditsOf, safe, short, table } from '../text.ts';
import { examples, type Register } from './command.ts';

export const challengeCommand: Register = (program, io, done) => {
  const challenge = program
    .command('challenge')
    .summary('what can be said against results, and is')
    .description(
      'Results are open to challenge for a while after their seats passed them. Nodes whose agents inspect results challenge what they find false by themselves.',
    );
  onNode(challenge.command('list').summary('results that can be challenged, and live challenges'))
    .addHelpText('after', examples('challenge list', 'challenge list --json'))
    .action(async (options: NetworkFlags) => done(await list(io, options)));
};

async function list(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const client = await clientFor(await openNetwork(io, options), options);
  const all = await client.challenges({ signal: io.signal });
  report(io, options.json === true, all, () => text(all));
  return EXIT.ok;
}

function text({ results, logTime }: Challenges): string {
  if (results.length === 0) return 'No result is open to challenge now.';
  const left = (until: number | null): string => (until === null ? '' : `${((until - logTime) / 1_000).toFixed(1)} s`);
  const rows = results.flatMap(({ commit, needId, name, verdict, closesAt, heldUntil, challenges }) => [
    [
      short(commit),
      short(needId),
      safe(name),
      verdict ?? 'is judged',
      left(closesAt ?? heldUntil),
      closesAt === null && heldUntil !== null ? 'votes only' : '',
    ],
    ...challenges.map((one) => [
      '',
      '',
      safe(one.name),
      one.class,
      left(one.opensBy),
      `${creditsOf(one.bond)} at stake`,
    ]),
  ]);
  return table([['result', 'need', 'by', 'verdict', 'time left', ''], ...rows]);
}
