import { presentAt } from '@canswarm/log-etcd';
import { type Did, parseDid } from '@canswarm/protocol';
import type { SettingValues } from '../home/config/settings.ts';
import { VERSION } from '../version.ts';
import { etcdAccess } from './etcd-access.ts';
import type { NodeFile } from './node-file.ts';

/** What a node that has the log open says of itself. Nobody checks it: it is for people who want to know whom to ask. */
export interface LogNode {
  readonly name: string;
  readonly org: string;
  /** Some of its keys, the first `DIDS_MAX`. */
  readonly dids: readonly Did[];
  readonly version: string;
  /** ms since 1970, by its own clock. */
  readonly since: number;
}

/** Keys that a node names: what it says of itself has a limit. */
const DIDS_MAX = 40;
const TEXT_MAX = 200;
const ASK_MS = 2_000;

/** What a node says of itself from now on. */
export function logNodeSays({ name, org, agents }: Pick<NodeFile, 'name' | 'org' | 'agents'>): string {
  const dids = agents.slice(0, DIDS_MAX).map(({ did }) => did);
  const said: LogNode = { name, org, dids, version: VERSION, since: Date.now() };
  return JSON.stringify(said);
}

/** The nodes that say that they have the log open that etcd has under a prefix, of all homes. Rejects with an EtcdError, or a HostError when a password cannot be read. */
export async function nodesAtLog(prefix: string, settings: SettingValues): Promise<readonly LogNode[]> {
  const said = await presentAt(etcdAccess(settings), prefix, ASK_MS);
  return said.flatMap((text) => readLogNode(text) ?? []).sort((one, other) => one.since - other.since);
}

/** Such as `node-1 of acme, since 2026-11-30T12:03:20Z`. */
export const logNodeText = ({ name, org, since }: LogNode): string =>
  `${name} of ${org}, since ${new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')}`;

function readLogNode(text: string): LogNode | null {
  try {
    const { name, org, dids, version, since }: Partial<Record<keyof LogNode, unknown>> = JSON.parse(text);
    if (![name, org, version].every((one) => typeof one === 'string' && one.length <= TEXT_MAX)) return null;
    if (
      typeof since !== 'number' ||
      Number.isNaN(new Date(since).getTime()) ||
      !Array.isArray(dids) ||
      dids.length > DIDS_MAX
    )
      return null;
    const read = dids.flatMap((did: unknown) => (typeof did === 'string' ? (parseDid(did) ?? []) : []));
    return { name: String(name), org: String(org), dids: read, version: String(version), since };
  } catch {
    return null;
  }
}
