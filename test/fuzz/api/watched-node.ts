import { readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { Cluster, until } from '../../e2e/processes/cluster.ts';

const BOUND_MS = 30_000;

/** Told by a signal, the process collects its garbage and prints what it holds. */
const TELL = `
process.on('SIGUSR2', () => {
  globalThis.gc(); globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  console.error('holds ' + (heapUsed + external) + ' bytes');
});`;

/** A node in a process of its own, of which somebody outside can tell what it holds. */
export interface WatchedNode {
  readonly cluster: Cluster;
  readonly name: string;
  readonly port: number;
  /** Bytes that are in use after a collection. */
  heldBytes(): Promise<number>;
  sockets(): number;
  /** Whether the process that was started still runs. */
  lives(): boolean;
}

/** Founds a network of one node and starts it, with its API open over TCP. */
export async function startWatched(): Promise<WatchedNode> {
  const cluster = await Cluster.found(1);
  const [name = ''] = cluster.names;
  const port = await freePort();
  await cluster.start(name, {
    env: { CANSWARM_API_PORT: String(port) },
    nodeFlags: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(TELL)}`],
  });
  const { pid } = await cluster.status(name);
  const told = (): readonly string[] => cluster.said(name).match(/^holds [0-9]+ bytes$/gm) ?? [];
  return {
    cluster,
    name,
    port,
    async heldBytes() {
      const before = told().length;
      process.kill(pid, 'SIGUSR2');
      await until(BOUND_MS, 'the node says what it holds', async () => told().length > before);
      return Number(told().at(-1)?.split(' ')[1]);
    },
    sockets: () => readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length,
    lives: () => cluster.runs(name),
  };
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // It was closed meanwhile.
    return false;
  }
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { readonly port: number };
      probe.close(() => resolve(port));
    });
  });
}
