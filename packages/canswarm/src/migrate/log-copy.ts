import type { DecisionLog } from '@canswarm/ports';
import type { Crypto, Genesis } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import { SHARD } from '../network/network.ts';
import { accountOf, differenceOf, type LogAccount } from './log-account.ts';
import { LogExtension, otherLog } from './log-extension.ts';

/** What copying a log came to. */
export interface Copied {
  /** Records that the new log had, and those that it was given. */
  readonly found: number;
  readonly copied: number;
  /** What the new log comes to. */
  readonly account: LogAccount;
}

export interface CopyGround {
  readonly genesis: Genesis;
  readonly crypto: Crypto;
  readonly onProgress: (what: string) => void;
}

/**
 * Gives a log what another has more of it, and proves that both come to the same. Where the old one was `left` the new one may have gone on since.
 * Rejects with a HostError or StorageError.
 */
export async function copyLog(
  source: DecisionLog,
  target: DecisionLog,
  { isLeft }: { readonly isLeft: boolean },
  { genesis, crypto, onProgress }: CopyGround,
): Promise<Copied> {
  const extension = await LogExtension.of(target, {
    crypto,
    onProgress: (added) => onProgress(`${added} records copied`),
  });
  const before = await accountOf(source, SHARD, genesis, crypto, (bytes) => extension.take(bytes));
  await extension.flush();
  const { held: found, taken, added: copied } = extension.counts;
  if (found > taken && !isLeft) throw otherLog(`it holds ${found} records, and the log that is copied ${taken}`);
  onProgress('comparing what both logs come to');
  const account = await accountOf(target, SHARD, genesis, crypto);
  if (found > taken) return { found, copied, account };
  const difference = differenceOf(before, account);
  if (difference === null) return { found, copied, account };
  if (isLeft && account.records > before.records) return { found, copied, account };
  throw difference === 'records' && account.records > before.records
    ? wentOn()
    : otherLog(`${difference} is ${account[difference]}, not ${before[difference]}`);
}

const wentOn = (): HostError =>
  new HostError(
    'log_moved',
    'somebody appended to the new log while it was compared',
    'Nothing was switched. Stop every node that follows it, also in other homes, then try again.',
  );
