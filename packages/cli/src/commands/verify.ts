import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliFailure, EXIT } from '../failure.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { indent, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options {
  readonly network?: string;
  readonly reexecute?: string | true;
  readonly json?: boolean;
}

type Canswarm = Awaited<ReturnType<typeof loadCanswarm>>;
type Report = Awaited<ReturnType<Canswarm['verifyProof']>>;

export const verifyCommand: Register = (program, io, done) => {
  program
    .command('verify')
    .summary('check a proof, offline, from its genesis alone')
    .description(
      'Checks every byte of a proof and of the result beside it (result.json, brief.md or report.md, files): signatures, rules, certificates, money, citations, schemas. Says what was proven and what was not. Needs no network and trusts nobody.',
    )
    .argument('<proof>', 'the proof folder that lies beside a result')
    .option('--network <cid>', 'the genesis must be this one')
    .option(
      '--reexecute [folder]',
      'also judge the work again: a brief over the documents of this folder; an agent’s work without a folder, from a proof that holds its input',
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'verify brief-out/proof',
        'verify brief-out/proof --network bafyrei...',
        'verify brief-out/proof --reexecute docs --json',
        'verify out/proof --reexecute',
      ),
    )
    .action(async (proof: string, options: Options) => done(await verify(io, proof, options)));
};

const NO_PROOF = {
  means: 'There is no proof at this path.',
  todo: 'Name the proof folder that lies beside a result, such as brief-out/proof.',
};

/** What was asked wrongly, by the code of the verdict. The proof itself may hold. */
const USAGE: Readonly<Record<string, { readonly means: string; readonly todo: string }>> = {
  no_folder: NO_PROOF,
  no_proof: NO_PROOF,
  no_reexecute_folder: {
    means: 'There are no documents to rank again at this path.',
    todo: 'Name the folder that was briefed.',
  },
  reexecute_needs_folder: {
    means: 'A proof of a brief holds what it cites, and ranking needs the rest.',
    todo: 'Name the folder that was briefed: --reexecute FOLDER. Without --reexecute everything else is checked.',
  },
  reexecute_takes_no_folder: {
    means: 'What an agent was given is in its proof or nowhere.',
    todo: 'Say --reexecute after the proof, without a folder.',
  },
  inputs_not_whole: {
    means: 'The work cannot be done or judged again without what went in.',
    todo: 'Ask for a proof made with --include-sources. Without --reexecute everything else is checked.',
  },
};

async function verify(io: Io, proof: string, { network, reexecute, json = false }: Options): Promise<0 | 1> {
  const { judgingTools, localCrypto, parseCid, verifyProof } = await loadCanswarm();
  const pinned = network === undefined ? undefined : parseCid(network);
  if (network !== undefined && pinned === undefined) throw badNetwork(network);
  const inside = join(proof, 'proof');
  if (existsSync(inside)) {
    const what = `${safe(proof)} is no proof but the folder around one`;
    throw new CliFailure(EXIT.usage, 'no_folder', what, '', `Name the proof in it: canswarm verify ${safe(inside)}`);
  }
  const verified = await verifyProof(proof, {
    crypto: localCrypto(),
    signal: io.signal,
    ...(pinned === undefined ? {} : { network: pinned }),
    ...(reexecute === undefined ? {} : { reexecute, tools: judgingTools() }),
  });
  const { error } = verified;
  const usage = error === undefined ? undefined : USAGE[error.code];
  if (error !== undefined && usage !== undefined) {
    const what = `${safe(error.file)}: ${safe(error.detail)}`;
    throw new CliFailure(EXIT.usage, error.code, what, usage.means, usage.todo);
  }
  const other = error?.code === 'network_other' && pinned !== undefined && verified.network !== pinned;
  report(io, json, verified, () => describe(io, verified, { other, folder: String(reexecute) }));
  return verified.ok ? EXIT.ok : EXIT.untrue;
}

/** `other`: the proof is of another network than the one demanded. `folder`: what the work was to be judged again over. */
function describe(
  io: Io,
  verified: Report,
  { other, folder }: { readonly other: boolean; readonly folder: string },
): string {
  const paint = painter(io, io.out);
  const { ok, error } = verified;
  if (error?.code === 'undecidable_again') {
    return [
      paint('yellow', `The proof holds, but nobody here can judge the work again. ${safe(error.sentence)}`),
      '  Seats judged it with a check that this version of canswarm does not have, or with a module that ends otherwise here.',
      '  Run it without --reexecute to see what is proven, or with the version that the seats ran.',
    ].join('\n');
  }
  if (other) {
    return [
      paint('red', `The proof is not of the network that you demand. ${safe(error?.sentence ?? '')}`),
      '  Whether it holds in its own network was not looked at. Nothing is proven.',
      '  Ask for a proof of your network, or look whether --network names the one that you mean.',
    ].join('\n');
  }
  if (error?.code === 'documents_other') {
    const said = [
      paint('yellow', `The proof holds, but it is not about the documents of ${safe(folder)}. ${safe(error.sentence)}`),
      '  The folder is not the one that was briefed, or its documents were changed, added or removed since.',
      '  So nothing was judged again, which says nothing for or against the result. What is proven stands above.',
      '  Name the folder that was briefed, as it was then. If you were told that the proof is about these documents, it is not.',
    ];
    return [...lists(io, verified), said.join('\n')].join('\n\n');
  }
  if (!ok) {
    return [
      paint('red', `The proof does not hold. ${safe(error?.sentence ?? '')}`),
      '  It is not what was written when the proof was made, or another version of canswarm wrote it. Nothing is proven.',
      '  Get the whole output folder again from who made it, or have the work done again.',
    ].join('\n');
  }
  return [...lists(io, verified), paint('green', 'The proof holds.')].join('\n\n');
}

/** What is proven and what is not. */
function lists(io: Io, { proven, notProven }: Report): readonly string[] {
  const paint = painter(io, io.out);
  const list = (mark: string, lines: readonly string[]): string =>
    lines.map((line) => indent(`${mark} ${safe(line)}`)).join('\n');
  return [
    `${paint('bold', 'Proven')}\n${list(paint('green', '+'), proven)}`,
    `${paint('bold', 'Not proven')}\n${list(paint('yellow', '-'), notProven)}`,
  ];
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
