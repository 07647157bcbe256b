import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentFs } from '@canswarm/content-fs';
import { sodiumCrypto, sqliteStore, systemClock, systemRandom, threadRunner } from '@canswarm/local';
import { sqliteLog } from '@canswarm/log-sqlite';
import { memoryHub, memoryMeter } from '@canswarm/memory';
import type { Clock, ContentStore, SkillRunner, Store } from '@canswarm/ports';
import type { Crypto } from '@canswarm/protocol';
import type { NetworkPorts } from './network.ts';

/** What an embedded network runs on: one process, one folder, no server. */
export interface EmbeddedPorts {
  readonly ports: NetworkPorts;
  readonly content: ContentStore;
  readonly runner: SkillRunner;
  readonly clock: Clock;
  readonly crypto: Crypto;
  /** Closes every adapter and removes the folder. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** URL of the skill module that threads import. */
  readonly skillModule: string;
  /** Skill threads. */
  readonly threads: number;
}

/**
 * Opens the embedded default in a folder of its own under the system's temporary folder: a SQLite log, a SQLite store
 * for each node, content in files, skills in threads, gossip in memory.
 */
export async function openEmbedded({ skillModule, threads }: EmbeddedOptions): Promise<EmbeddedPorts> {
  const dir = await mkdtemp(join(tmpdir(), 'canswarm-'));
  const contentOptions = { dir: join(dir, 'content') };
  await mkdir(contentOptions.dir);
  const clock = systemClock();
  const random = systemRandom();
  const crypto = sodiumCrypto();
  const content = await contentFs(contentOptions);
  const log = sqliteLog({ path: join(dir, 'log.sqlite') });
  const contentModule = import.meta.resolve('@canswarm/content-fs');
  const runner = threadRunner({ skillModule, contentModule, contentOptions, threads });
  const hub = memoryHub({ clock, random, latencyMs: { min: 0, max: 1 } });
  const stores: Store[] = [];
  const ports: NetworkPorts = {
    clock,
    random,
    crypto,
    node(name) {
      const store = sqliteStore({ path: join(dir, 'nodes', `${name}.sqlite`) });
      stores.push(store);
      return { clock, log, content, runner, transport: hub.endpoint(name), store, meter: memoryMeter() };
    },
  };
  return {
    ports,
    content,
    runner,
    clock,
    crypto,
    async close() {
      await runner.close();
      await log.close();
      for (const store of stores) store.close();
      await content.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
