import { existsSync } from 'node:fs';
import { type AgentStatus, ApiError, type NodeStatus } from '@canswarm/api';
import type { SettingValues } from '../home/config/settings.ts';
import { logPlace } from '../host/decision-log.ts';
import { type NetworkFolder, NodeClient, type NodeFolder } from '../host/index.ts';
import type { NodeFile } from '../host/node-file.ts';
import { examineBucketLog, examineEtcdLog, examineNodesAt } from './etcd-log.ts';
import type { Fault, Finding } from './finding.ts';
import { examineLog, examineSpace } from './log-file.ts';
import { peersFault } from './peers.ts';

/** A clock this far from another's makes messages be refused, ms; measured over a socket of one machine. */
const CLOCK_OFF_MS = 5_000;
/** Log time is what most verifiers say; it may run ahead of a clock by this much, ms. */
const LOG_TIME_AHEAD_MS = 30_000;
/** How long a node may need for what it has not yet taken of the log, ms. */
const CATCH_UP_MS = 2_000;
/** Why peers are refused who could be honest, or are many. */
const REFUSALS = ['cut_off', 'connections', 'connections_of_peer'];
/** Reveals that are left when a verifier's owner should know. */
const REVEALS_FEW = 500;

interface Look {
  readonly folder: NodeFolder;
  readonly file: NodeFile;
  /** `killed`: it left its socket behind; `hangs`: it takes connections and does not answer. */
  readonly life: NodeStatus | 'stopped' | 'killed' | 'hangs';
  /** This machine's clock when that was known; looking at the others may take longer than a clock may be off. */
  readonly seenAt: number;
  /** Whether the log moved on without it. */
  readonly behind: boolean;
  /** Peers, by their ids, that answered it; null where it was not asked. */
  readonly reached: ReadonlySet<string> | null;
}

/**
 * Looks at a network of this home: its files, its log, and each node and what it says of itself. A finding for each fault; a
 * network that is not there has none. Takes a few seconds; changes nothing.
 */
export async function examineNetwork(network: NetworkFolder, settings: SettingValues): Promise<readonly Finding[]> {
  if (!network.exists() && network.nodes().length === 0) return [];
  const files = readFiles(network);
  if ('broken' in files) return [files.broken];
  const places = [...new Set(files.nodes.map(({ file }) => file.log))].map(logPlace);
  const logs = places.flatMap((place) => (place.kind === 'sqlite' ? [place.path] : []));
  const examined = logs.map(examineLog);
  const { buckets = 1 } = network.genesis();
  const prefixes = places.flatMap((place) => (place.kind === 'etcd' ? [place.prefix] : []));
  if (buckets === 1 && prefixes.length > 0) examined.push(await examineEtcdLog(settings));
  if (buckets > 1) for (const prefix of prefixes) examined.push(...(await examineBucketLog(prefix, settings, buckets)));
  for (const prefix of prefixes) examined.push(...(await examineNodesAt(prefix, settings)));
  const looks = await Promise.all(files.nodes.map(lookAt));
  const findings = [networkFinding(network, looks), ...examined];
  const folders = files.nodes.map(({ folder }) => folder.path);
  findings.push(...examineSpace([...logs, ...folders]));
  const running = looks.filter(({ life }) => typeof life === 'object');
  for (const look of looks) findings.push(...nodeFindings(look, running));
  return findings;
}

function readFiles(
  network: NetworkFolder,
):
  | { readonly nodes: readonly { readonly folder: NodeFolder; readonly file: NodeFile }[] }
  | { readonly broken: Finding } {
  try {
    network.genesis();
    return { nodes: network.nodes().map((name) => ({ folder: network.node(name), file: network.node(name).read() })) };
  } catch (error) {
    const hint = error instanceof Error && 'hint' in error ? String(error.hint) : 'Restore it from a backup.';
    const broken = {
      name: `network ${network.name}`,
      status: 'failed',
      found: error instanceof Error ? error.message : String(error),
      means: 'Without its files no node of this network can start.',
      todo: hint,
    } as const;
    return { broken };
  }
}

async function lookAt({ folder, file }: { readonly folder: NodeFolder; readonly file: NodeFile }): Promise<Look> {
  const client = new NodeClient(folder);
  const first = await statusOr(client, folder);
  const seenAt = Date.now();
  if (typeof first !== 'object') return { folder, file, life: first, seenAt, behind: false, reached: null };
  const reached = await reachedBy(client);
  if (first.cursor >= first.head) return { folder, file, life: first, seenAt, behind: false, reached };
  await new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS));
  const second = await statusOr(client, folder);
  const behind = typeof second === 'object' && second.cursor < first.head;
  return { folder, file, life: second, seenAt: Date.now(), behind, reached };
}

async function reachedBy(client: NodeClient): Promise<ReadonlySet<string> | null> {
  const answer = await client.reach().catch(() => null);
  if (answer === null) return null;
  return new Set(answer.peers.filter(({ roundTripMs }) => roundTripMs !== null).map(({ id }) => id));
}

async function statusOr(client: NodeClient, folder: NodeFolder): Promise<Look['life']> {
  try {
    return await client.status();
  } catch (error) {
    if (!existsSync(folder.controlPath)) return 'stopped';
    const cause = error instanceof ApiError ? error.cause : undefined;
    const refused = cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
    return refused ? 'killed' : 'hangs';
  }
}

function networkFinding(network: NetworkFolder, looks: readonly Look[]): Finding {
  const running = looks.filter(({ life }) => typeof life === 'object').length;
  const stopped = looks.every(({ life }) => life === 'stopped');
  const found = stopped ? `${looks.length} nodes, stopped` : `${running} of ${looks.length} nodes run`;
  const means = 'These are the nodes of this home; those of other homes and machines are not looked at.';
  return { name: `network ${network.name}`, status: 'ok', found, means, todo: '' };
}

function nodeFindings(look: Look, running: readonly Look[]): readonly Finding[] {
  const { folder, life } = look;
  const name = `node ${folder.name}`;
  if (life === 'stopped') {
    if (running.length === 0) return [];
    const means = 'Its verifiers do not vote and its workers do not work; after a while they count as silent.';
    return [{ name, status: 'warning', found: 'it is stopped', means, todo: 'Start it with: canswarm up' }];
  }
  if (life === 'killed') {
    const means =
      'Its process ended without closing anything. Nothing is lost: it goes on from its own disk and the log.';
    return [{ name, status: 'failed', found: 'its process was killed', means, todo: 'Start it with: canswarm up' }];
  }
  if (life === 'hangs') {
    const means = 'Its process is there and does not answer: it is stopped (SIGSTOP), starved of CPU, or defect.';
    const todo = `Look at its log: canswarm logs --node ${folder.name}`;
    return [{ name, status: 'failed', found: 'it does not answer', means, todo }];
  }
  const faults = [
    clockFault(life, look.seenAt),
    behindFault(life, look.behind),
    ...life.problems.map((problem) => problemFault(problem)),
    peersFault(
      life,
      look.reached,
      running.flatMap((other) => (typeof other.life === 'object' ? [other.life] : [])),
    ),
    refusedFault(life),
    inactiveFault(life),
    suspendedFault(life),
    revealsFault(life),
  ].filter((fault) => fault !== null);
  if (faults.length > 0) return faults.map((fault) => ({ name, ...fault }));
  const peers = life.transport.peers.length;
  const found = `runs, at position ${life.position}, with ${peers} ${peers === 1 ? 'peer' : 'peers'}`;
  return [{ name, status: 'ok', found, means: '', todo: '' }];
}

function clockFault({ clock, logTime }: NodeStatus, now: number): Fault | null {
  const off = clock - now;
  const means = 'What it dates too far from the others they refuse, and it refuses theirs.';
  const todo = 'Set the clock of its machine, and let it keep time (NTP). The node needs no restart.';
  if (Math.abs(off) > CLOCK_OFF_MS) {
    const found = `its clock is ${Math.round(Math.abs(off) / 1_000)} s ${off > 0 ? 'ahead' : 'behind'}`;
    return { status: 'failed', found, means, todo };
  }
  if (logTime - now <= LOG_TIME_AHEAD_MS) return null;
  const found = `its clock is ${Math.round((logTime - now) / 1_000)} s behind what most verifiers say`;
  return { status: 'failed', found, means, todo };
}

function behindFault({ cursor, head }: NodeStatus, behind: boolean): Fault | null {
  if (!behind) return null;
  return {
    status: 'failed',
    found: `it is ${head - cursor} records behind the log and does not come closer`,
    means: 'It decides and answers by an old state.',
    todo: 'Is the machine overloaded? Look at its log: canswarm logs. A restart catches up: canswarm down, canswarm up',
  };
}

/** What a node says of itself that is wrong. */
export function problemFault({ what, code, message, since }: NodeStatus['problems'][number]): Fault {
  const when = `since ${new Date(since).toISOString()}`;
  if (what === 'watch') {
    return {
      status: 'warning',
      found: `the log cannot be watched ${when}: ${message}`,
      means: 'It looks at the log four times a second instead, so everything takes a little longer.',
      todo: 'Often fs.inotify.max_user_watches or max_user_instances is too low for this machine.',
    };
  }
  if (what === 'time') {
    return {
      status: 'failed',
      found: `log time stands still ${when}: ${message}`,
      means: 'No seat judges, no lease ends and no deadline comes: every need waits. Nothing is lost.',
      todo: 'Start the nodes of the verifiers that are not heard of: canswarm up, and by their owners elsewhere',
    };
  }
  if (what === 'policy') {
    return {
      status: 'failed',
      found: `its policy engine decides otherwise ${when}: ${message}`,
      means: 'It judges entries otherwise than the network, so its state is another; it does not vote.',
      todo: 'Install canswarm anew, or on another machine, and start the node again: it applies the log anew and conforms by itself.',
    };
  }
  if (what === 'presence') {
    return {
      status: 'warning',
      found: `others cannot see that it is at the log ${when}: ${message}`,
      means: 'It works as before. Who moves the log or looks with doctor does not know of it.',
      todo: 'Give etcd.user the right to write under the whole prefix of the log. It tries again by itself.',
    };
  }
  if (what === 'peers') {
    return {
      status: 'failed',
      found: `it hears no peer ${when}: ${message}`,
      means:
        'Bids, votes and signs of life of others do not reach it, nor its own them. What the log says it still follows.',
      todo: 'Do other nodes run? Look at the network to them, listen.address, bootstrap and the firewall. It dials them again by itself.',
    };
  }
  if (code === 'lost') {
    return {
      status: 'failed',
      found: `it is cut off from the log ${when}: ${message}`,
      means:
        'Nothing becomes final here until it is back: bids, votes and work go on, entries and commands wait. Nothing is lost.',
      todo: 'Look at the way to the log: its disk or its server. The node finds out by itself when it is back.',
    };
  }
  const todo =
    code === 'full'
      ? 'Free some space on the disk of the log. Nodes try again by themselves.'
      : code === 'locked'
        ? 'End the process that holds the log (another program, a backup, a hanging node).'
        : 'Look at its log: canswarm logs';
  return {
    status: 'failed',
    found: `it cannot write to the log ${when} (${code}): ${message}`,
    means: 'Nothing that it says counts until then. Nothing is lost: it says again what is still due.',
    todo,
  };
}

function refusedFault({ transport: { refused } }: NodeStatus): Fault | null {
  const count = REFUSALS.reduce((sum, reason) => sum + (refused[reason] ?? 0), 0);
  if (count === 0) return null;
  const reasons = Object.entries(refused).map(([reason, times]) => `${reason} ${times}`);
  return {
    status: 'warning',
    found: `peers were refused since its start: ${reasons.join(', ')}`,
    means: 'Somebody sends what no honest node does, or too many connect. The node protects itself.',
    todo: 'Nothing, if all goes on. Else keep strangers off the port, or raise connections.max.',
  };
}

function inactiveFault({ agents }: NodeStatus): Fault | null {
  const inactive = agents.filter(({ active, joined }) => active === false && joined).map(({ name }) => name);
  if (inactive.length === 0) return null;
  return {
    status: 'warning',
    found: `verifiers that count as silent: ${inactive.join(', ')}`,
    means:
      'They are drawn for no committee and earn nothing until they have joined again, which a running node does itself.',
    todo: 'Wait a minute. If it stays, look at its clock and peers, above.',
  };
}

/** What is wrong with a node that has verifiers which voted by another evaluation of the policy. */
export function suspendedFault({
  agents,
}: {
  readonly agents: readonly Pick<AgentStatus, 'name' | 'suspended'>[];
}): Fault | null {
  const suspended = agents.filter((agent) => agent.suspended).map(({ name }) => name);
  if (suspended.length === 0) return null;
  return {
    status: 'warning',
    found: `verifiers that voted by another evaluation of the policy: ${suspended.join(', ')}`,
    means:
      'They are drawn for no committee until they have conformed, which a running node does itself where its engine passes.',
    todo: 'Wait a minute. If it stays, its log says why: canswarm logs',
  };
}

function revealsFault({ agents }: NodeStatus): Fault | null {
  const few = agents.filter(({ reveals, joined }) => joined && reveals !== null && reveals < REVEALS_FEW);
  if (few.length === 0) return null;
  return {
    status: 'warning',
    found: `reveals run out: ${few.map(({ name, reveals }) => `${name} has ${reveals}`).join(', ')}`,
    means: 'A verifier whose hash chain is used up is drawn no more.',
    todo: 'Let it join with a new chain before that.',
  };
}
