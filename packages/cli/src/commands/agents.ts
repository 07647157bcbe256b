import type { FoundAgents } from '@canswarm/api';
import { EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter } from '../io.ts';
import { clientFor, NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
import { report } from '../report.ts';
import { credits, cut, oneLine, percent, safe, short, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

const DESCRIPTION_CELLS = 60;

type Found = FoundAgents['agents'][number];

export const agentsCommand: Register = (program, io, done) => {
  program
    .command('agents')
    .summary('who offers what, and for how much')
    .description(
      'Agents attached to the running node and to the peers that it is connected with, and the skills that come with this software. What they say of themselves is signed; whose they are and what they own is what the log says.',
    )
    .argument('[query]', 'words that name, description or skills must have', '')
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('agents', 'agents "word count"', 'agents --json'))
    .action(async (query: string, options: NetworkFlags) => done(await agents(io, query, options)));
};

async function agents(io: Io, query: string, options: NetworkFlags): Promise<ExitCode> {
  const network = await openNetwork(io, options);
  const client = await clientFor(network, options);
  const found = await client.findAgents({ query });
  const bundled = network.canswarm.BUNDLED_SKILLS.filter((skill) => skill.includes(query.toLowerCase()));
  report(io, options.json === true, { ...found, bundled }, () => {
    const note =
      bundled.length === 0
        ? ''
        : `\nSkills of this software, which workers of a local network have: ${bundled.join(', ')}`;
    return `${text(io, found.agents)}${note}`;
  });
  return EXIT.ok;
}

function text(io: Io, found: readonly Found[]): string {
  if (found.length === 0) return 'No agent is attached. Let an agent take part with: canswarm agent run FILE';
  const paint = painter(io, io.out);
  const rows = found.flatMap(({ name, org, did, skills, free, canBond, standing }) =>
    skills.map(({ id, price, verifies, description }) => [
      safe(name),
      org === null ? 'nobody' : safe(org),
      safe(String(id)),
      typeof price === 'number' ? credits(price) : verifies === true ? 'verifies' : 'plans',
      credits(free),
      canBond ? 'yes' : 'no',
      percent(standing),
      short(did),
      cut(oneLine(String(description)), DESCRIPTION_CELLS),
    ]),
  );
  const head = ['agent', 'organisation', 'skill', 'price', 'free', 'can bond', 'standing', 'key', 'what it does'];
  const lines = table([head, ...rows], new Set([3, 4, 6])).split('\n');
  return lines.map((line, at) => (at === 0 ? paint('bold', line) : line)).join('\n');
}
