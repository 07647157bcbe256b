import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkDesk } from '@canswarm/agent';
import { sodiumCrypto } from '@canswarm/local';
import { vi } from 'vitest';
import { openHome } from '../../../src/home/index.ts';
import { createLogger } from '../../../src/home/log/logger.ts';
import { foundNetwork } from '../../../src/host/found-network.ts';
import { decodeInvitation, encodeInvitation } from '../../../src/host/invitation.ts';
import { joinNetwork } from '../../../src/host/join-network.ts';
import { homeKeyRing, type KeyRing } from '../../../src/host/key-ring.ts';
import { NetworkFolder } from '../../../src/host/network-folder.ts';
import { BRIEF_SKILL, type Host, startHost } from '../../../src/host/run-host.ts';

const crypto = sodiumCrypto();
const silent = createLogger({ level: 'error', format: 'text', sink: { write: () => true, close: () => undefined } });

/** Two organisations of one network, each with a node of its own, in this process: real keys, log and wires. */
export interface TwoHosts {
  readonly acme: Host;
  /** The node of the second, which can be stopped and started again. */
  globex(): Host;
  restartGlobex(): Promise<void>;
  /** Hires with acme's money. */
  readonly desk: WorkDesk;
  close(): Promise<void>;
}

export async function twoHosts(): Promise<TwoHosts> {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-attach-'));
  const home = openHome({ path: join(folder, 'home'), env: {} });
  const network = new NetworkFolder(home.path, 'local');
  const rings: KeyRing[] = [];
  const ring = (): KeyRing => {
    const made = homeKeyRing(home, async () => 'machine');
    rings.push(made);
    return made;
  };
  const start = async (name: string, keys: KeyRing): Promise<Host> => {
    const failed = (error: unknown): never => {
      throw error;
    };
    const settings = home.config.values;
    return startHost({ folder: network.node(name), keys, settings, logger: silent, onFailure: failed });
  };
  const founding = ring();
  const now = Date.now();
  await foundNetwork({ folder: network, org: 'acme', nodes: 1, skill: BRIEF_SKILL, keys: founding, crypto, now });
  const acme = await start('acme', founding);
  if (acme.work === null) throw new Error('acme hires nobody');
  const { addresses } = acme.transport.status();
  if (acme.desk === null) throw new Error('acme cannot invite');
  const { network: id, log } = acme.file;
  const word = encodeInvitation({ network: id, name: 'local', addresses, log, token: acme.desk.invite() });
  const joining = ring();
  const invitation = decodeInvitation(word);
  const joins = {
    folder: network,
    invitation,
    org: 'globex',
    skill: BRIEF_SKILL,
    keys: joining,
    crypto,
    settings: home.config.values,
  };
  await joinNetwork(joins);
  let globex = await start('globex', joining);
  let keys = joining;
  return {
    acme,
    globex: () => globex,
    async restartGlobex() {
      await globex.stop();
      keys.close();
      keys = ring();
      globex = await start('globex', keys);
    },
    desk: acme.work,
    async close() {
      await globex.stop();
      await acme.stop();
      for (const one of rings) one.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once something holds; rejects after a bound. */
export const until = (holds: () => boolean, what: string): Promise<void> =>
  vi.waitFor(
    () => {
      if (!holds()) throw new Error(`not yet: ${what}`);
    },
    { timeout: 30_000, interval: 25 },
  );
