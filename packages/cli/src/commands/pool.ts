import type { Pool } from '@canswarm/api';
import { EXIT, type ExitCode } from '../failure.ts';
import { HOME_OPTION } from '../home/home-options.ts';
import { type Io, painter } from '../io.ts';
import { clientFor, NETWORK_OPTION, type NetworkFlags, NODE_OPTION, openNetwork } from '../network/open-network.ts';
import { report } from '../report.ts';
import { count, credits, creditsOf, percent, safe, short, table } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

export const poolCommand: Register = (program, io, done) => {
  program
    .command('pool')
    .summary('who can be drawn into committees')
    .description(
      'The verifiers of the network by organisation, with their weight in draws, their standing as judges and the stake that can still back seats; and whether there are enough of them.',
    )
    .option('--health', 'only whether enough are there; exit code 1 if needs would wait')
    .option(...NODE_OPTION)
    .option(...NETWORK_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('pool', 'pool --health', 'pool --json'))
    .action(async (options: NetworkFlags & { readonly health?: boolean }) => done(await showPool(io, options)));
};

async function showPool(io: Io, options: NetworkFlags & { readonly health?: boolean }): Promise<ExitCode> {
  const client = await clientFor(await openNetwork(io, options), options);
  const pool = await client.pool({ signal: io.signal });
  report(io, options.json === true, pool, () => (options.health === true ? health(io, pool) : poolText(io, pool)));
  return options.health === true && pool.k.length === 0 ? EXIT.untrue : EXIT.ok;
}

/** Whether a need posted now gets its committees, and what they would be; what is too few. */
function health(io: Io, { active, k, relaxed, lacks, bootstrap, entities }: Pool): string {
  const paint = painter(io, io.out);
  const there = `${count(entities.length, 'organisation')}, ${count(active, 'verifier')}`;
  const sizes = k.map((one) => `${one} of ${2 * one - 1}`).join(', then ');
  const missing = lacks.map(({ what, is, least }) => `${least} ${what} must be there, ${is} are`).join('; ');
  if (k.length === 0) return paint('red', `too few: ${missing}; needs wait`);
  const line = paint(relaxed ? 'yellow' : 'green', `${there}; ${sizes} votes decide`);
  if (bootstrap === null) return line;
  const { verifiers, since, forMs, finished, needs, valueMax } = bootstrap;
  const end =
    since === null
      ? `until ${verifiers} verifiers have been there for ${forMs / 1000} s, or for ${count(needs, 'final result')}`
      : `enough verifiers since ${new Date(since).toISOString()}, ${finished} of ${count(needs, 'final result')}`;
  return [
    line,
    paint('yellow', `in bootstrap: ${end}`),
    `a need may put ${creditsOf(valueMax)} into escrow, and nobody earns reputation`,
  ].join('\n');
}

/** Who can be drawn and who cannot, for people. */
export function poolText(io: Io, pool: Pool): string {
  const { position, pendingDraws, committees, entities, away } = pool;
  const paint = painter(io, io.out);
  const whole = entities.reduce((sum, { weight }) => sum + weight, 0);
  const names = [...entities.flatMap(({ keys }) => keys), ...away].map(({ name }) => name);
  // A node knows the keys of other nodes by their organisations alone.
  const called = ({ name, did }: { readonly name: string; readonly did: string }): string =>
    names.filter((other) => other === name).length === 1 ? safe(name) : short(did);
  const rows = entities.flatMap(({ entity, asn, region, weight, standing, keys }) =>
    keys.map(({ name, did, stake, free, seats }, at) => [
      at === 0 ? safe(entity.replace(/^org:/, '')) : '',
      at === 0 ? share(weight, whole) : '',
      at === 0 ? percent(standing) : '',
      at === 0 ? `${asn}, ${safe(region)}` : '',
      called({ name, did }),
      credits(stake),
      credits(free),
      String(seats),
    ]),
  );
  const head = ['organisation', 'weight', 'standing', 'asn, region', 'verifier', 'stake', 'free of it', 'seats'];
  const lines = table([head, ...rows], new Set([1, 2, 5, 6, 7])).split('\n');
  const suspended = entities.flatMap(({ keys }) => keys.filter((key) => key.suspended).map(called));
  const now = `entry ${position}: ${count(committees, 'committee')} at work, ${count(pendingDraws, 'draw')} waiting`;
  const gone = away.map((one) => {
    const own = called(one) === safe(one.name) ? '' : ` of ${safe(one.name)}`;
    return `${called(one)}${own} (${whyAway(one)})`;
  });
  return [
    lines.map((line, at) => (at === 0 ? paint('bold', line) : line)).join('\n'),
    '',
    health(io, pool),
    now,
    ...(suspended.length === 0 ? [] : [paint('yellow', `suspended until they conform: ${suspended.join(', ')}`)]),
    ...(gone.length === 0 ? [] : [`not to be drawn now: ${gone.join(', ')}`]),
  ].join('\n');
}

function whyAway({ active, stake, silences }: Pool['away'][number]): string {
  if (!active) return silences === 0 ? 'left' : `inactive after ${count(silences, 'silence')}`;
  return stake === 0 ? 'has no stake' : 'active';
}

const share = (weight: number, whole: number): string =>
  whole === 0 ? '' : `${((100 * weight) / whole).toFixed(1)} %`;
