import { CliFailure, EXIT } from '../failure.ts';
import type { Canswarm } from '../home/home-options.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { logFailure } from '../proof-failure.ts';
import { clientFor, type NetworkFlags, openNetwork } from './open-network.ts';

/** Longest log that is taken from a running node, bytes. */
const LOG_BYTES_MAX = 1024 * 1024 * 1024;

export type OpenLog = Extract<ReturnType<Canswarm['readLog']>, { readonly ok: true }>;

/** The log of a proof, or with null that of the running node of this home. Throws a CliFailure. */
export async function openLog(io: Io, proof: string | null, options: NetworkFlags): Promise<OpenLog> {
  const { localCrypto, readLog } = await loadCanswarm();
  const { sha256 } = localCrypto();
  if (proof !== null) {
    const log = readLog(proof, { sha256 });
    if (!log.ok) throw logFailure(log);
    return log;
  }
  const network = await openNetwork(io, options);
  const { folder, canswarm } = network;
  const client = await clientFor(network, options);
  const bytes = await canswarm.bytesOf(await client.auditLog({ signal: io.signal }), LOG_BYTES_MAX);
  const log = canswarm.logOf(folder.genesis(), bytes, { sha256 });
  if (log.ok) return log;
  const what = `the log of the node "${client.name}" cannot be read: ${log.detail}`;
  throw new CliFailure(EXIT.untrue, log.code, what, '', 'Is the node of the same version of canswarm?');
}
