import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EtcdAccess, examineEtcd, type MemberReport } from '@canswarm/log-etcd';
import { writeText } from '../home/files.ts';
import { type FileFormat, formatJson, newestVersion, readVersioned } from '../home/versioned-file.ts';
import { freePort } from '../host/free-port.ts';
import { HostError } from '../host/host-error.ts';
import { Fields } from '../host/json-fields.ts';
import { EtcdMember } from './etcd-member.ts';
import { endProcess, processesWith } from './left-members.ts';

const FORMAT: FileFormat = { kind: 'etcd cluster file', privacy: 'public', bytesMax: 65_536, migrations: [] };
const HOST = '127.0.0.1';
/**
 * Members are on one machine, so they hear of each other soon: a leader that is gone is replaced within a second instead of
 * two, with etcd's own proportion of the two times.
 */
const HEARTBEAT_MS = 100;
const ELECTION_MS = 700;
const QUOTA_BYTES = 8 * 1024 * 1024 * 1024;
const READY_MS = 30_000;
const LOOK_MS = 100;
const STATUS_MS = 1_000;

interface MemberPorts {
  readonly client: number;
  readonly peer: number;
}

export interface EtcdClusterOptions {
  /** Where the members' data, words and ports are kept. */
  readonly folder: string;
  /** The program etcd. */
  readonly program: string;
  /** Of a cluster that is made; one that is there keeps its own. Default 3. */
  readonly members?: number;
  /** More options of every member. */
  readonly args?: readonly string[];
  /** How to reach them; endpoints are theirs. */
  readonly access?: Omit<EtcdAccess, 'endpoints'>;
  /** Where a member of a name runs, when not on loopback as other processes do. */
  readonly place?: (name: string) => MemberPlace;
}

export interface MemberPlace {
  readonly address: string;
  /** What stands before its command, such as the entry to a network namespace. */
  readonly before: readonly string[];
}

/** Several members of etcd on this machine, on loopback unless told otherwise. Their ports are chosen once, and kept. */
export class EtcdCluster {
  readonly members: readonly EtcdMember[];
  readonly #folder: string;
  readonly #access: EtcdAccess;

  private constructor(folder: string, members: readonly EtcdMember[], access: EtcdAccess) {
    this.#folder = folder;
    this.members = members;
    this.#access = access;
  }

  /** Makes the folder when it is not there. Throws a HomeError or HostError. Nothing runs yet. */
  static async open(options: EtcdClusterOptions): Promise<EtcdCluster> {
    const { folder, program, members: count = 3, args = [], access = {}, place = onLoopback } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const ports = readPorts(folder) ?? (await makePorts(folder, count));
    const scheme = access.tls === undefined ? 'http' : 'https';
    const peerUrlOf = ({ peer }: MemberPorts, i: number): string => `http://${place(nameOf(i)).address}:${peer}`;
    const all = ports.map((own, i) => `${nameOf(i)}=${peerUrlOf(own, i)}`).join(',');
    const members = ports.map((own, i) => {
      const name = nameOf(i);
      const { address, before } = place(name);
      const [clientUrl, peerUrl] = [`${scheme}://${address}:${own.client}`, peerUrlOf(own, i)];
      const options = [
        ['name', name],
        ['data-dir', dataOf(folder, name)],
        ['listen-client-urls', clientUrl],
        ['advertise-client-urls', clientUrl],
        ['listen-peer-urls', peerUrl],
        ['initial-advertise-peer-urls', peerUrl],
        ['initial-cluster', all],
        ['initial-cluster-token', `canswarm-${ports[0]?.peer ?? 0}`],
        ['heartbeat-interval', `${HEARTBEAT_MS}`],
        ['election-timeout', `${ELECTION_MS}`],
        ['quota-backend-bytes', `${QUOTA_BYTES}`],
        ['log-level', 'warn'],
      ].map(([option, value]) => `--${option}=${value}`);
      const logPath = join(folder, `${name}.log`);
      const [first = program, ...rest] = [...before, program, ...options, ...args];
      return new EtcdMember({ name, program: first, args: rest, clientUrl, logPath });
    });
    return new EtcdCluster(folder, members, { ...access, endpoints: members.map(({ clientUrl }) => clientUrl) });
  }

  get endpoints(): readonly string[] {
    return this.#access.endpoints;
  }

  /** Starts the members that do not run, and resolves when all of them have the same leader. Rejects with a HostError. */
  async start(): Promise<void> {
    for (const member of this.members) member.start();
    for (const until = Date.now() + READY_MS; ; ) {
      const reports = await this.examine();
      const leaders = new Set(reports.map((report) => (report.error === null ? report.leader : null)));
      if (leaders.size === 1 && !leaders.has(null)) return;
      const dead = this.members.find(({ pid }) => pid === null);
      if (dead !== undefined || Date.now() > until) {
        const silent = dead ?? this.members.find((_, i) => reports[i]?.error !== null) ?? this.members[0];
        const what = dead === undefined ? 'is not ready' : 'ended by itself';
        throw new HostError(
          'node_failed',
          `the etcd member ${silent?.name} ${what}`,
          `Read its words: ${silent?.logPath}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /**
   * Ends members that an earlier process started and, killed, could not end: their data is theirs alone while they run. Only for whom runs
   * the cluster alone. Resolves with their names.
   */
  async endLeft(): Promise<readonly string[]> {
    const left = this.members.flatMap(({ name, pid }) =>
      processesWith(`--data-dir=${dataOf(this.#folder, name)}`)
        .filter((found) => found !== pid)
        .map((found) => ({ name, found })),
    );
    await Promise.all(left.map(({ found }) => endProcess(found)));
    return [...new Set(left.map(({ name }) => name))];
  }

  /** What each member says of itself. */
  examine(): Promise<readonly MemberReport[]> {
    return examineEtcd(this.#access, STATUS_MS);
  }

  /** The member that leads; null while none does. */
  async leader(): Promise<EtcdMember | null> {
    const reports = await this.examine();
    const at = reports.findIndex((report) => report.error === null && report.leader === report.memberId);
    return this.members[at] ?? null;
  }

  /** Lets all members end in order. */
  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }
}

const onLoopback = (): MemberPlace => ({ address: HOST, before: [] });

const nameOf = (index: number): string => `m${index + 1}`;
const dataOf = (folder: string, name: string): string => join(folder, name);
const pathOf = (folder: string): string => join(folder, 'cluster.json');

function readPorts(folder: string): readonly MemberPorts[] | null {
  const path = pathOf(folder);
  const document = readVersioned(path, FORMAT);
  if (document === null) return null;
  return new Fields(path, document).list('members').map((member) => ({
    client: member.integer('client', 1, 65_535),
    peer: member.integer('peer', 1, 65_535),
  }));
}

async function makePorts(folder: string, count: number): Promise<readonly MemberPorts[]> {
  const members: MemberPorts[] = [];
  const taken = new Set<number>();
  for (let i = 0; i < count; i += 1) members.push({ client: await freePort(taken), peer: await freePort(taken) });
  writeText(pathOf(folder), formatJson({ version: newestVersion(FORMAT), members }));
  return members;
}
