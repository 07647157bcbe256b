import { EXIT } from '../failure.ts';
import { type Io, painter } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { wholeNumber } from '../plain-options.ts';
import { logFailure } from '../proof-failure.ts';
import { report } from '../report.ts';
import { count, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

interface Options {
  readonly json?: boolean;
  readonly until?: number;
  readonly genesis?: string;
}

export const replayCommand: Register = (program, io, done) => {
  program
    .command('replay')
    .summary('apply a log again, from its genesis')
    .description(
      'Applies every entry of an audit log again: all signatures, then the rules. The same log gives the same digest and state root everywhere.',
    )
    .argument('<audit.jsonl>', 'the log, or the proof folder that holds it')
    .option('--until <position>', 'stop after this entry', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--genesis <file>', 'the genesis, when not beside the log as genesis.cbor')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples('replay brief-out/proof/audit.jsonl', 'replay brief-out/proof/audit.jsonl --until 20 --json'),
    )
    .action(async (path: string, options: Options) => done(await replayLog(io, path, options)));
};

async function replayLog(io: Io, path: string, { json = false, until, genesis }: Options): Promise<0 | 1> {
  const { localCrypto, readLog, replay } = await loadCanswarm();
  const crypto = localCrypto();
  const log = readLog(path, { sha256: crypto.sha256, ...(genesis === undefined ? {} : { genesis }) });
  if (!log.ok) throw logFailure(log);
  io.err.write(`replaying ${count(log.entries.length, 'entry', 'entries')} of network ${log.network}\n`);
  const whole = until === undefined || until >= log.entries.length;
  const expected = whole && log.claimedDigest !== null ? { digest: log.claimedDigest } : {};
  const { outcomes, ...replayed } = replay(log.genesis, log.entries, {
    crypto,
    expected,
    ...(until === undefined ? {} : { until }),
  });
  const accepted = outcomes.filter((outcome) => outcome.accepted).length;
  const rate = Math.round(replayed.entries / Math.max(replayed.seconds, 1e-9));
  const value = {
    ...replayed,
    network: log.network,
    accepted,
    rejected: outcomes.length - accepted,
    entriesPerSecond: rate,
  };
  report(io, json, value, () => {
    const paint = painter(io, io.out);
    const { divergence } = replayed;
    const end =
      divergence === undefined
        ? paint('green', expected.digest === undefined ? 'replayed' : 'replayed: the digest is what result.json says')
        : paint('red', `diverges at position ${divergence.position}: ${safe(divergence.detail)} [${divergence.code}]`);
    return [
      `${count(replayed.entries, 'entry', 'entries')}, ${accepted} accepted and ${outcomes.length - accepted} rejected, in ${replayed.seconds.toFixed(3)} s (${rate} a second)`,
      `digest     ${replayed.digest}`,
      `state root ${replayed.stateRoot}`,
      end,
    ].join('\n');
  });
  return replayed.divergence === undefined ? EXIT.ok : EXIT.untrue;
}
