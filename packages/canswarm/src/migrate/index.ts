import { sodiumCrypto } from '@canswarm/local';
import { genesisCid } from '@canswarm/protocol';
import type { SettingValues } from '../home/config/settings.ts';
import type { Logger } from '../home/log/logger.ts';
import { etcdPlace, logPlace, openDecisionLog } from '../host/decision-log.ts';
import type { KeyRing } from '../host/key-ring.ts';
import { type LogNode, logNodeText, nodesAtLog } from '../host/log-nodes.ts';
import type { NetworkFolder } from '../host/network-folder.ts';
import { Problems } from '../host/problems.ts';
import { beginLife, type NewLife } from './begin-life.ts';
import { type Migrated, migrateLog, wayBack } from './migrate-log.ts';
import { type Recovered, recoverLog } from './recover-log.ts';
import { nodesOf } from './switch-nodes.ts';

export type { Dropped, NewLife } from './begin-life.ts';
export type { LogAccount } from './log-account.ts';
export type { Migrated } from './migrate-log.ts';
export { type MoveBucketOptions, moveLogBucket } from './move-bucket.ts';

export type { Recovered } from './recover-log.ts';

export interface RestoreOptions {
  readonly folder: NetworkFolder;
  readonly settings: SettingValues;
  readonly logger: Logger;
  readonly onProgress: (what: string) => void;
}

export interface MoveOptions extends RestoreOptions {
  /** What is to keep the log; `back`: what kept it before it was moved last; `resume`: ends a move that was interrupted, or that another home made. */
  readonly to: 'etcd' | 'sqlite' | 'back' | 'resume';
}

/** Tells of nodes of other homes that have the log open: what they say from now on may come between. */
async function tellOthers({ folder, settings, onProgress }: RestoreOptions, means: string): Promise<void> {
  const files = nodesOf(folder).map((node) => node.read());
  const own = new Set(files.flatMap(({ agents }) => agents.map(({ did }) => did)));
  const isOwn = ({ name, org, dids }: LogNode): boolean =>
    dids.some((did) => own.has(did)) || files.some((file) => file.name === name && file.org === org);
  for (const place of [...new Set(files.map(({ log }) => log))].map(logPlace)) {
    if (place.kind === 'sqlite') continue;
    // Where the cluster does not answer, what comes next says so.
    const there = await nodesAtLog(place.prefix, settings).catch(() => []);
    for (const node of there.filter((one) => !isOwn(one)))
      onProgress(`at the log, of another home: ${logNodeText(node)}; ${means}`);
  }
}

/** Moves the log of a network whose nodes stand still. See `migrateLog`. Rejects with a HostError, HomeError or StorageError. */
export async function moveLog(options: MoveOptions): Promise<Migrated> {
  const { folder, settings, logger, to, onProgress } = options;
  await tellOthers(options, 'the move ends it');
  const genesis = folder.genesis();
  const { buckets = 1 } = genesis;
  const crypto = sodiumCrypto();
  const places = {
    etcd: () => etcdPlace(genesisCid(genesis, crypto.sha256)),
    sqlite: () => folder.logPath,
    back: () => wayBack(folder),
    resume: () => 'resume',
  };
  return migrateLog({
    ...{ folder, genesis, crypto, onProgress },
    to: places[to](),
    open: (place) => openDecisionLog(place, settings, new Problems(logger), { toMove: true, buckets }),
  });
}

/** Gives the log of a network back what nodes of this home took of it. See `recoverLog`. Rejects with a HostError, HomeError or StorageError. */
export async function restoreLog(options: RestoreOptions): Promise<Recovered> {
  const { folder, settings, logger, onProgress } = options;
  await tellOthers(options, 'what it says may take the place of what is given back');
  const genesis = folder.genesis();
  const { buckets = 1 } = genesis;
  const open = (place: string) => openDecisionLog(place, settings, new Problems(logger), { buckets });
  return recoverLog({ folder, genesis, crypto: sodiumCrypto(), onProgress, open });
}

export interface RestartOptions extends RestoreOptions {
  readonly keys: KeyRing;
  /** Files with statements that other homes signed. */
  readonly statements: readonly string[];
  /** Only signs, into this file; null: begins the life. */
  readonly signTo: string | null;
  /** Signs although it signed for another beginning of this life before. */
  readonly again: boolean;
}

/** Has the log of a network begin another life. See `beginLife`. Rejects with a HostError, HomeError or StorageError. */
export async function restartLog({ settings, logger, ...options }: RestartOptions): Promise<NewLife> {
  await tellOthers({ settings, logger, ...options }, 'whatever it says makes void what was signed');
  const genesis = options.folder.genesis();
  const { buckets = 1 } = genesis;
  const open = (place: string) => openDecisionLog(place, settings, new Problems(logger), { buckets });
  return beginLife({ ...options, genesis, crypto: sodiumCrypto(), open });
}
