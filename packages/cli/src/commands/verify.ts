import { CliFailure, EXIT } from '../failure.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { indent, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options {
  readonly network?: string;
  readonly reexecute?: string;
  readonly json?: boolean;
}

type Canswarm = Awaited<ReturnType<typeof loadCanswarm>>;
type Report = Awaited<ReturnType<Canswarm['verifyProof']>>;

export const verifyCommand: Register = (program, io, done) => {
  program
    .command('verify')
    .summary('check a proof, offline, from its genesis alone')
    .description(
      'Checks every byte of a proof and of the result.json and brief.md beside it: signatures, rules, certificates, money, quotes. Says what was proven and what was not. Needs no network and trusts nobody.',
    )
    .argument('<proof>', 'the proof folder that `canswarm brief` wrote')
    .option('--network <cid>', 'the genesis must be this one')
    .option(
      '--reexecute <folder>',
      'also read these documents again, compare them with what was briefed, and redo the ranking',
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'verify brief-out/proof',
        'verify brief-out/proof --network bafyrei...',
        'verify brief-out/proof --reexecute docs --json',
      ),
    )
    .action(async (proof: string, options: Options) => done(await verify(io, proof, options)));
};

async function verify(io: Io, proof: string, { network, reexecute, json = false }: Options): Promise<0 | 1> {
  const { localCrypto, parseCid, verifyProof } = await loadCanswarm();
  const pinned = network === undefined ? undefined : parseCid(network);
  if (network !== undefined && pinned === undefined) throw badNetwork(network);
  const verified = await verifyProof(proof, {
    crypto: localCrypto(),
    signal: io.signal,
    ...(pinned === undefined ? {} : { network: pinned }),
    ...(reexecute === undefined ? {} : { reexecute }),
  });
  const { error } = verified;
  if (error !== undefined && (error.code === 'no_folder' || error.code === 'no_reexecute_folder')) {
    const what = `${safe(error.file)}: ${safe(error.detail)}`;
    const todo =
      error.code === 'no_folder'
        ? 'Name the proof folder that `canswarm brief` wrote.'
        : 'Name the folder that was briefed.';
    throw new CliFailure(EXIT.usage, error.code, what, 'There is nothing to check at this path.', todo);
  }
  report(io, json, verified, () => describe(io, verified));
  return verified.ok ? EXIT.ok : EXIT.untrue;
}

function describe(io: Io, verified: Report): string {
  const paint = painter(io, io.out);
  const { ok, proven, notProven, error } = verified;
  if (!ok) {
    return [
      paint('red', `The proof does not hold. ${safe(error?.sentence ?? '')}`),
      '  It is not what was written when the proof was made, or another version of canswarm wrote it. Nothing is proven.',
      '  Get the whole output folder again from who made it, or make the brief again.',
    ].join('\n');
  }
  const list = (mark: string, lines: readonly string[]): string =>
    lines.map((line) => indent(`${mark} ${safe(line)}`)).join('\n');
  return [
    `${paint('bold', 'Proven')}\n${list(paint('green', '+'), proven)}`,
    `${paint('bold', 'Not proven')}\n${list(paint('yellow', '-'), notProven)}`,
    paint('green', 'The proof holds.'),
  ].join('\n\n');
}

function badNetwork(network: string): CliFailure {
  const means = 'A network is named by the CID of its genesis: 59 characters that begin with bafyrei.';
  return new CliFailure(
    EXIT.usage,
    'bad_network',
    `${safe(network)} is no network`,
    means,
    'Copy it from who runs the network, or from `canswarm verify`.',
  );
}
