import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { NeedRecord, NodeStatus } from '@canswarm/api';
import { createMemo, toHex, verifyEntry } from '@canswarm/protocol';
import {
  BRIEF_SKILL,
  type Finding,
  foundNetwork,
  homeKeyRing,
  type Ledger,
  ledgerOf,
  localCrypto,
  NetworkFolder,
  NodeClient,
  openHome,
  replay,
} from 'canswarm';

const CLI = fileURLToPath(new URL('../../../node_modules/.bin/canswarm', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 20_000;
const DOCTOR_MS = 60_000;
const LOOK_MS = 50;
/** How much of what a process printed a report shows. */
const SAID_CHARS = 2_000;

/** How a node's process is started, beyond the usual. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** What stands before the command, such as the entry to a network namespace. */
  readonly before?: readonly string[];
}

/** A process that ended though nobody stopped it. */
export interface Fallen {
  readonly name: string;
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it printed. */
  readonly said: string;
}

/** A network of real processes on this machine, in a home of its own under the system's temporary folder. */
export class Cluster {
  readonly home: string;
  readonly folder: NetworkFolder;
  readonly names: readonly string[];
  /** What processes print, apart from their home: a scene may take its disk away. */
  readonly #words = mkdtempSync(join(tmpdir(), 'canswarm-words-'));
  readonly #children = new Map<string, ChildProcess>();
  readonly #stopped = new WeakSet<ChildProcess>();
  readonly #fallen: Fallen[] = [];

  private constructor(home: string, names: readonly string[]) {
    this.home = home;
    this.names = names;
    this.folder = new NetworkFolder(home, 'local');
  }

  /** Makes the network; nothing runs. `prepare` is given the empty folder that will hold its home. */
  static async found(
    nodes: number,
    prepare: (folder: string) => void = () => undefined,
    log: 'sqlite' | 'etcd' = 'sqlite',
    buckets = 1,
  ): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'canswarm-'));
    prepare(folder);
    const path = join(folder, 'home');
    const home = openHome({ path, env: {} });
    const keys = homeKeyRing(home, async () => 'machine');
    try {
      const folder = new NetworkFolder(home.path, 'local');
      const crypto = localCrypto();
      const about = { folder, org: null, nodes, log, buckets, skill: BRIEF_SKILL, keys, crypto, now: Date.now() };
      const made = await foundNetwork(about);
      return new Cluster(home.path, made);
    } finally {
      keys.close();
    }
  }

  /** Runs a command of this home; it is its owner's to wait for, or to kill. */
  command(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const all = [CLI, ...args, '--home', this.home];
    return spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  }

  client(name: string): NodeClient {
    return new NodeClient(this.folder.node(name));
  }

  runs(name: string): boolean {
    return this.#children.has(name);
  }

  /** Starts a node's process; resolves once it answers. */
  async start(name: string, options: StartOptions = {}): Promise<void> {
    this.launch(name, options);
    await this.ready(name);
  }

  /** Starts a node's process without waiting for it. */
  launch(name: string, { env = {}, nodeFlags = [], before = [] }: StartOptions = {}): void {
    const out = openSync(this.#wordsOf(name), 'w');
    const command = [...before, process.execPath, ...nodeFlags, CLI, 'up', '--node', name, '--home', this.home];
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
    closeSync(out);
    this.#children.set(name, child);
    child.once('exit', (code, signal) => {
      if (this.#children.get(name) === child) this.#children.delete(name);
      const said = (): string => this.said(name).slice(-SAID_CHARS);
      if (!this.#stopped.has(child)) this.#fallen.push({ name, code, signal, said: said() });
    });
  }

  /** Processes that ended by themselves, oldest first. */
  get fallen(): readonly Fallen[] {
    return this.#fallen;
  }

  async ready(name: string): Promise<void> {
    await until(START_MS, `${name} answers`, async () => {
      if (!this.runs(name)) throw new Error(`${name} ended: ${this.said(name).slice(-SAID_CHARS)}`);
      return this.client(name).runs();
    });
  }

  /** Starts all that do not run, at once. Resolves when every node answers, also one that was launched just before. */
  async startAll(optionsOf: (name: string) => StartOptions = () => ({})): Promise<void> {
    await Promise.all(
      this.names.map((name) => (this.runs(name) ? this.ready(name) : this.start(name, optionsOf(name)))),
    );
  }

  /** Ends a process as a power failure would. Resolves when it is gone. */
  async kill(name: string): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#stopped.add(child);
    child.kill('SIGKILL');
    await gone;
  }

  /** Sends a signal to a node's process, which goes on. */
  signal(name: string, signal: NodeJS.Signals): void {
    this.#children.get(name)?.kill(signal);
  }

  /** Stops every process in order. */
  async stop(): Promise<void> {
    const gone = [...this.#children.values()].map(
      (child) => new Promise<void>((resolve) => child.once('exit', () => resolve())),
    );
    for (const child of this.#children.values()) {
      this.#stopped.add(child);
      child.kill('SIGTERM');
    }
    const late = setTimeout(() => {
      for (const child of this.#children.values()) child.kill('SIGKILL');
    }, STOP_MS);
    await Promise.all(gone);
    clearTimeout(late);
  }

  /** Stops every process and removes the files. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
    rmSync(this.#words, { recursive: true, force: true });
    try {
      rmdirSync(join(this.home, '..'));
    } catch {
      // Something is mounted there: whoever did it removes it.
    }
  }

  /** What `canswarm doctor` finds wrong: a line for each. */
  doctor(): Promise<readonly string[]> {
    const args = [CLI, 'doctor', '--home', this.home, '--json'];
    return new Promise((resolve, reject) => {
      execFile(process.execPath, args, { timeout: DOCTOR_MS }, (error, stdout) => {
        const last = stdout.trim().split('\n').at(-1) ?? '';
        if (!last.startsWith('{')) return reject(error ?? new Error(`doctor says ${last}`));
        const { findings } = JSON.parse(last) as { readonly findings: readonly Finding[] };
        resolve(findings.filter(({ status }) => status !== 'ok').map(({ name, found }) => `${name}: ${found}`));
      });
    });
  }

  status(name: string): Promise<NodeStatus> {
    return this.client(name).status();
  }

  /** What a node's process printed since it was started. */
  said(name: string): string {
    return readFileSync(this.#wordsOf(name), 'utf8');
  }

  #wordsOf(name: string): string {
    return join(this.#words, `${name}.log`);
  }

  /** The node that holds a key. */
  hostOf(did: string): string {
    const name = this.names.find((one) =>
      this.folder
        .node(one)
        .read()
        .agents.some((agent) => agent.did === did),
    );
    if (name === undefined) throw new Error(`nobody here holds ${did}`);
    return name;
  }

  /** Every record of the log as it lies on the disk. */
  log(): readonly { readonly cursor: number; readonly bytes: Uint8Array }[] {
    const db = new DatabaseSync(this.folder.logPath, { readOnly: true, timeout: 5_000 });
    try {
      const rows = db.prepare('SELECT cursor, bytes FROM entries ORDER BY cursor').all();
      return rows.map((row) => ({ cursor: Number(row['cursor']), bytes: row['bytes'] as Uint8Array }));
    } finally {
      db.close();
    }
  }

  /** The need as the node knows it. */
  async need(name: string, id: string): Promise<NeedRecord | undefined> {
    return (await this.client(name).allNeeds()).find((need) => need.id === id);
  }

  /** Waits until every running node is at the log's end and all stand alike. */
  async level(boundMs = 30_000): Promise<readonly NodeStatus[]> {
    let all: readonly NodeStatus[] = [];
    await until(boundMs, 'all nodes stand alike', async () => {
      all = await Promise.all(this.names.filter((name) => this.runs(name)).map((name) => this.status(name)));
      return all.every(({ cursor, head, digest }) => cursor === head && digest === all[0]?.digest);
    });
    return all;
  }

  /** What an independent replay of the log on the disk comes to, up to a position. */
  replayed(position: number): { readonly entries: number; readonly digest: string; readonly doubles: number } {
    const records = this.log();
    const hashes = new Set(records.map(({ bytes }) => toHex(createHash('sha256').update(bytes).digest())));
    const entries = this.#entries();
    const { digest } = replay(this.folder.genesis(), entries, { crypto: localCrypto(), expected: {}, until: position });
    return { entries: entries.length, digest, doubles: records.length - hashes.size };
  }

  /** Every account's credits as the log on the disk adds them up. */
  ledger(): Ledger {
    return ledgerOf(this.folder.genesis(), this.#entries(), { crypto: localCrypto() });
  }

  /** Records that are entries, with their positions. */
  #entries(): readonly { readonly position: number; readonly bytes: Uint8Array }[] {
    const crypto = localCrypto();
    const memo = createMemo();
    const entries = this.log().filter(({ bytes }) => verifyEntry(bytes, crypto, memo).ok);
    return entries.map(({ bytes }, index) => ({ position: index + 1, bytes }));
  }
}

/** Asks again and again until something holds; rejects after a bound. */
export function until(boundMs: number, what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + boundMs;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      holds().then((done) => {
        if (done) resolve();
        else if (Date.now() > end) reject(new Error(`not within ${boundMs} ms: ${what}`));
        else setTimeout(look, LOOK_MS);
      }, reject);
    };
    look();
  });
}

/** Does something after a time: a fault that lasts, or comes at a moment of its own. */
export function after(ms: number, act: () => Promise<void> | void): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => void Promise.resolve().then(act).then(resolve, reject), ms);
  });
}
