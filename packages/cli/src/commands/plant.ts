import type { Plant, Plants } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { onNode } from '../money/own-key.ts';
import { actingNode, canPay } from '../network/acting-node.ts';
import { type NetworkFlags, openNetwork } from '../network/open-network.ts';
import { plantText } from '../plant/plant-text.ts';
import { untilJudged } from '../plant/until-judged.ts';
import { report } from '../report.ts';
import { creditsOf, safe, short, table } from '../text.ts';
import { examples, type Register } from './command.ts';

interface PlantFlags extends NetworkFlags {
  readonly like?: string;
  readonly wait: boolean;
}

export const plantCommand: Register = (program, io, done) => {
  const plant = program
    .command('plant')
    .summary('find seats that pass whatever they see')
    .description(
      'Posts a need like one that was done before, under a fresh key, and has another fresh key deliver its result with one record made wrong. Nobody can tell it from other work. Seats that pass it are challenged and lose their reserve; half of what it costs comes back from the fund that needs pay into, while plants are few.',
    );
  onNode(
    plant
      .command('post')
      .summary('plant one now')
      .option(
        '--like <need>',
        'the need to plant again, by its id or the end of it: the last with a final result without it',
      )
      .option('--no-wait', 'do not wait until it is judged'),
  )
    .addHelpText('after', examples('plant post', 'plant post --like q4k7xa', 'plant post --no-wait --json'))
    .action(async (options: PlantFlags) => done(await post(io, options)));
  onNode(plant.command('list').summary('what was planted, and who passed it'))
    .addHelpText('after', examples('plant list', 'plant list --json'))
    .action(async (options: NetworkFlags) => done(await list(io, options)));
  onNode(plant.command('show').summary('one plant').argument('<number>', 'its number'))
    .addHelpText('after', examples('plant show 1', 'plant show 1 --json'))
    .action(async (number: string, options: NetworkFlags) => done(await show(io, number, options)));
};

const clientOf = async (io: Io, options: NetworkFlags): Promise<NodeClient> =>
  actingNode(await openNetwork(io, options), options, canPay);

async function post(io: Io, options: PlantFlags): Promise<ExitCode> {
  const client = await clientOf(io, options);
  const call = { signal: io.signal };
  const like = options.like === undefined ? null : (await client.getNeed({ id: options.like }, call)).id;
  const planted = await client.postPlant({ body: { like } }, call);
  const seen = options.wait ? await untilJudged(io, client, planted) : planted;
  report(io, options.json === true, seen, () => plantText(seen));
  return options.wait && io.signal.aborted ? EXIT.interrupted : EXIT.ok;
}

async function list(io: Io, options: NetworkFlags): Promise<ExitCode> {
  const all = await (await clientOf(io, options)).plants({ signal: io.signal });
  report(io, options.json === true, all, () => text(all));
  return EXIT.ok;
}

async function show(io: Io, number: string, options: NetworkFlags): Promise<ExitCode> {
  if (!/^[1-9][0-9]{0,8}$/.test(number))
    throw new CliFailure(
      EXIT.usage,
      'usage',
      'a plant has a number',
      `"${number}" is none.`,
      'See them: canswarm plant list',
    );
  const one = await (await clientOf(io, options)).plant({ number }, { signal: io.signal });
  report(io, options.json === true, one, () => plantText(one));
  return EXIT.ok;
}

function text({ plants }: Plants): string {
  if (plants.length === 0) return 'Nothing was planted yet. Plant one: canswarm plant post';
  const rows = plants.map((one) => [
    String(one.number),
    one.needId === null ? '' : short(one.needId),
    one.stage,
    one.verdict ?? '',
    passedBy(one),
    one.over ? creditsOf(one.sent - one.back) : '',
  ]);
  return table([['plant', 'need', 'stage', 'verdict', 'passed by', 'cost'], ...rows]);
}

function passedBy({ seats }: Plant): string {
  const [first, ...more] = seats.filter(({ vote }) => vote === 'pass').map(({ name }) => safe(name));
  if (first === undefined) return '';
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}
