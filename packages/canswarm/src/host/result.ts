import { stateRoot } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { ContentStore } from '@canswarm/ports';
import { type Crypto, type Did, type Genesis, type Micro, toHex } from '@canswarm/protocol';
import type { AuditEntry } from '../audit/audit-text.ts';
import { walkLog } from '../audit/walk-log.ts';
import { Tally } from '../brief/tally.ts';
import { type MadeBrief, makeBrief } from '../brief/write-brief.ts';
import { HostError } from './host-error.ts';
import type { NeedRecord } from './need-book.ts';

/** A final result and its proof, with who was paid. Amounts are micro-credits. */
export interface MadeResult {
  readonly brief: MadeBrief;
  readonly network: string;
  readonly digest: string;
  readonly stateRoot: string;
  readonly entries: number;
  /** Over all needs of the log up to this one's end. */
  readonly slashed: readonly Did[];
  readonly paid: Readonly<Record<Did, Micro>>;
}

export interface ResultOptions {
  readonly genesis: Genesis;
  readonly node: Pick<Node, 'entries'>;
  readonly record: NeedRecord;
  readonly content: ContentStore;
  readonly crypto: Crypto;
  readonly includeSources: boolean;
}

/**
 * Makes the final result of a need and its proof: the log from the genesis up to the pay of the last seat, applied once more
 * from this node's own records. Throws a HostError `not_final` before that.
 */
export async function makeResult(options: ResultOptions): Promise<MadeResult> {
  const { genesis, node, record, content, crypto, includeSources } = options;
  const { settledAt, outputs, id, body: need, requester, worker } = record;
  if (settledAt === null || outputs === null || worker === null) throw notFinal(record);
  const tally = new Tally();
  const entries = auditOf(node, settledAt);
  const { state, broken } = walkLog(genesis, entries, { crypto }, ({ applied }) => tally.take(applied.events));
  if (state === null || broken !== null) {
    throw new HostError(
      'node_failed',
      `the own log does not replay: ${broken?.detail}`,
      'This is a defect: please report it.',
    );
  }
  const digest = toHex(state.digest);
  const final = { genesis, entries, digest, id, need, requester, worker, outputs, includeSources };
  return {
    brief: await makeBrief(final, content, crypto),
    network: state.network,
    digest,
    stateRoot: stateRoot(state, crypto.sha256),
    entries: entries.length,
    slashed: [...tally.slashed],
    paid: Object.fromEntries(tally.paid),
  };
}

/** Entries up to a position. */
function auditOf(node: Pick<Node, 'entries'>, until: number): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const { bytes } of node.entries()) {
    entries.push({ position: entries.length + 1, bytes });
    if (entries.length >= until) break;
  }
  return entries;
}

/** Stages whose name alone would mislead. */
const WAITING: Readonly<Partial<Record<NeedRecord['stage'], string>>> = { ready: 'nobody has its task now' };

function notFinal({ stage, reason, id }: NeedRecord): HostError {
  if (reason !== null) {
    return new HostError(
      'not_final',
      `the need ended without a result: ${reason}`,
      `See what happened: canswarm need watch ${id}`,
    );
  }
  const what = stage === 'final' ? 'its seats are not paid yet' : (WAITING[stage] ?? `it is ${stage}`);
  return new HostError(
    'not_final',
    `the need has no final result yet: ${what}`,
    `See why, and what can be done: canswarm need show ${id}. Wait for it with: canswarm need watch ${id}`,
  );
}
