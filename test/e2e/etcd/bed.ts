import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { genesisCid } from '@canswarm/protocol';
import { EtcdCluster, type EtcdClusterOptions, findServer, localCrypto } from 'canswarm';
import { Cluster } from '../processes/cluster.ts';
import { NODES } from '../processes/scenes.ts';
import { layOn, MACHINE, Wires } from '../processes/wires.ts';
import { Traces } from './inside/trace.ts';
import { CLOCK_FILE, TRACE_FILE } from './inside/variables.ts';
import { Probe } from './probe.ts';
import { Witness } from './witness.ts';

const PRELOAD = fileURLToPath(new URL('./inside/preload.ts', import.meta.url));
export const MEMBERS = ['m1', 'm2', 'm3'];
/** The further cluster, of one member, where a bed has one. */
export const AWAY = 'away';
/** etcd's own timers, and not those that `cluster up` gives to members of one machine. */
const DEFAULT_TIMERS = ['--heartbeat-interval=100', '--election-timeout=1000'];
/** The member whose disk is small. */
export const SMALL = 'm1';
/** Each round in which it is full leaves some 40 MiB on it: room for more rounds than anybody plays. */
const SMALL_MIB = 2_048;

/** Three members, five nodes, each in a network namespace of its own; a probe and a witness on this machine. */
export interface Bed {
  readonly etcd: EtcdCluster;
  /** How settings name the clusters. */
  readonly etcdSettings: Readonly<Record<string, string>>;
  readonly nodes: Cluster;
  readonly wires: Wires;
  readonly probe: Probe;
  readonly witness: Witness;
  /** Where the data of `SMALL` lies. */
  readonly smallDisk: string;
  /** Sets a node's clock wrong by so much, ms. */
  setClock(name: string, shiftMs: number): void;
}

/** What is to be undone, last first. */
type Undo = () => Promise<void> | void;

/** Somebody wants the end of it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Makes a bed, does something in it, and leaves nothing behind. Rejects with `Interrupted` on Ctrl-C. */
export async function inBed(task: (bed: Bed) => Promise<void>, buckets = 1): Promise<void> {
  const undo: Undo[] = [];
  const interrupt = Promise.withResolvers<never>();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const onSignal = (signal: NodeJS.Signals): void => interrupt.reject(new Interrupted(`ended by ${signal}`));
  for (const signal of signals) process.once(signal, onSignal);
  // It may come before anybody waits.
  interrupt.promise.catch(() => undefined);
  try {
    await Promise.race([makeBed(undo, buckets).then(task), interrupt.promise]);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    for (const step of undo.toReversed()) await step();
  }
}

/** A log of several buckets has a second cluster, among them. */
async function makeBed(undo: Undo[], buckets: number): Promise<Bed> {
  const { path: program } = await findServer('etcd', process.env);
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-etcd-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const nodes = await Cluster.found(NODES, undefined, 'etcd', buckets);
  undo.push(() => nodes.close());
  const wires = Wires.make([...MEMBERS, AWAY, ...nodes.names], { withMachine: true });
  undo.push(() => wires.remove());
  const smallDisk = join(folder, SMALL);
  mkdirSync(smallDisk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_MIB}m,mode=0700`, 'canswarm-test', smallDisk]);
  undo.push(() => void execFileSync('umount', [smallDisk]));
  const place = (name: string) => ({ address: wires.addressOf(name), before: wires.entry(name) });
  const etcd = await EtcdCluster.open({ folder, program, args: DEFAULT_TIMERS, place });
  undo.push(() => etcd.stop());
  await etcd.start();
  const clusters =
    buckets === 1 ? {} : { [AWAY]: await furtherCluster({ folder, program, place: () => place(AWAY) }, undo) };
  const etcdSettings = {
    CANSWARM_ETCD_ENDPOINTS: etcd.endpoints.join(','),
    CANSWARM_ETCD_CLUSTERS: JSON.stringify(clusters),
  };
  layOn(nodes, wires);
  const fileOf = (name: string, kind: string): string => join(folder, `${name}.${kind}`);
  undo.push(() => nodes.stop());
  await nodes.startAll((name) => ({
    before: wires.entry(name),
    nodeFlags: ['--import', PRELOAD],
    env: {
      CANSWARM_LISTEN_ADDRESS: wires.addressOf(name),
      ...etcdSettings,
      [TRACE_FILE]: fileOf(name, 'trace'),
      [CLOCK_FILE]: fileOf(name, 'clock'),
    },
  }));
  const genesis = nodes.folder.genesis();
  const prefix = `canswarm/${genesisCid(genesis, localCrypto().sha256)}`;
  const traces = new Traces(nodes.names.map((node) => ({ node, path: fileOf(node, 'trace') })));
  const { endpoints } = etcd;
  const witness = await Witness.start({ endpoints, prefix, clusters, genesis, nodes: nodes.names, traces });
  undo.push(() => witness.close());
  const probe = await Probe.start(endpoints);
  undo.push(() => probe.stop());
  const setClock = (name: string, shiftMs: number): void => {
    writeFileSync(fileOf(name, 'clock'), `${shiftMs}`);
    nodes.signal(name, 'SIGUSR2');
  };
  return { etcd, etcdSettings, nodes, wires, probe, witness, smallDisk, setClock };
}

async function furtherCluster(
  { folder, ...about }: EtcdClusterOptions,
  undo: Undo[],
): Promise<{ readonly endpoints: readonly string[] }> {
  const cluster = await EtcdCluster.open({ ...about, folder: join(folder, AWAY), members: 1, args: DEFAULT_TIMERS });
  undo.push(() => cluster.stop());
  await cluster.start();
  return { endpoints: cluster.endpoints };
}

/** All that is on the wires, but for some. */
export const everybodyBut = ({ nodes }: Bed, ...names: readonly string[]): readonly string[] =>
  [...MEMBERS, ...nodes.names, MACHINE].filter((name) => !names.includes(name));
