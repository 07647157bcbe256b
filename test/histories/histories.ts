import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeGenesis, type Genesis, genesisCid } from '@canswarm/protocol';
import {
  type Divergence,
  exportAudit,
  localCrypto,
  readLog,
  readReference,
  replay,
  stepLine,
  stepsFoot,
  stepsHead,
} from 'canswarm';

const FOLDER = import.meta.dirname;
const ROOT = join(FOLDER, '..', '..');

/** What is said of a stored history, beside its files. */
export interface HistoryRecord {
  readonly name: string;
  /** What happens in it. */
  readonly about: string;
  /** Version of canswarm that made it, and of the rules of its log. */
  readonly version: string;
  readonly rulesVersion: number;
  readonly entries: number;
  /** After the last entry, hex. */
  readonly digest: string;
  readonly stateRoot: string;
}

/** What came of replaying one. */
export interface Judged {
  readonly record: HistoryRecord;
  /** Null where it replays as it was recorded. */
  readonly divergence: Divergence | { readonly code: string; readonly detail: string } | null;
  /** Verbs of entries that were accepted. */
  readonly verbs: ReadonlySet<string>;
}

/** The version that this source would be released as. */
export const presentVersion = (): string => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/canswarm/package.json'), 'utf8')) as {
    version: string;
  };
  return version;
};

/** Whether a version is out: the changelog has a heading of its own for it. Its histories never change again. */
export const isReleased = (version: string): boolean =>
  readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`## [${version}]`));

const folders = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Every stored history, as paths of their folders. */
export const storedHistories = (root = FOLDER): readonly string[] =>
  folders(root).flatMap((version) => folders(join(root, version)).map((name) => join(root, version, name)));

export const folderOf = (version: string, name: string): string => join(FOLDER, version, name);

export const recordOf = (folder: string): HistoryRecord =>
  JSON.parse(readFileSync(join(folder, 'history.json'), 'utf8')) as HistoryRecord;

/** Replays a stored history by the rules as they are now: each step, digest and state root must be what was recorded. */
export function judgeHistory(folder: string): Judged {
  const record = recordOf(folder);
  const crypto = localCrypto();
  const verbs = new Set<string>();
  const log = readLog(folder, { sha256: crypto.sha256 });
  const read = readReference(join(folder, 'steps.jsonl'));
  if (!log.ok) return { record, divergence: log, verbs };
  if (!read.ok) return { record, divergence: read, verbs };
  const replayed = replay(log.genesis, log.entries, {
    crypto,
    against: read.reference,
    expected: record,
    onStep: ({ accepted, verb }) => {
      if (accepted) verbs.add(verb);
    },
  });
  const other = { code: 'record_other', detail: `it says ${record.entries} entries of rules ${record.rulesVersion}` };
  const isOther = replayed.entries !== record.entries || log.genesis.rulesVersion !== record.rulesVersion;
  return { record, divergence: replayed.divergence ?? (isOther ? other : null), verbs };
}

export interface NewHistory {
  readonly name: string;
  readonly about: string;
  readonly genesis: Genesis;
  readonly entries: readonly Uint8Array[];
}

/**
 * Stores a history of the present version, in place of one of that name. Throws where the version is released: then its histories are
 * what they were; and where the log does not replay.
 */
export function storeHistory({ name, about, genesis, entries }: NewHistory): HistoryRecord {
  const version = presentVersion();
  const folder = folderOf(version, name);
  if (isReleased(version) && existsSync(folder)) throw new Error(`${version} is released: ${name} stays what it is`);
  const crypto = localCrypto();
  const numbered = entries.map((bytes, index) => ({ position: index + 1, bytes }));
  const lines = [stepsHead(genesisCid(genesis, crypto.sha256))];
  const replayed = replay(genesis, numbered, { crypto, onStep: (step) => void lines.push(stepLine(step)) });
  const { divergence, digest, stateRoot } = replayed;
  if (divergence !== undefined) throw new Error(`${name}: ${divergence.detail} [${divergence.code}]`);
  const { rulesVersion } = genesis;
  const record = { name, about, version, rulesVersion, entries: entries.length, digest, stateRoot };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'genesis.cbor'), encodeGenesis(genesis));
  writeFileSync(join(folder, 'audit.jsonl'), exportAudit(numbered));
  writeFileSync(join(folder, 'steps.jsonl'), [...lines, stepsFoot(replayed)].join(''));
  writeFileSync(join(folder, 'history.json'), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}
