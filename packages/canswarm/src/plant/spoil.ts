import {
  blockFetcher,
  type FetchBlock,
  keepingFetcher,
  type RecordGround,
  readTree,
  recordFault,
} from '@canswarm/agent';
import type { ContentStore, Finding, RandomStream } from '@canswarm/ports';
import {
  type ArtifactRef,
  type Block,
  buildRecord,
  buildTree,
  type Cid,
  codecOf,
  type DagMap,
  decodeCbor,
  isMap,
  noneRead,
  parseAcceptance,
  parseCitation,
  type Sha256,
  type TreeEntry,
} from '@canswarm/protocol';

/** A result with one record in it that blocks prove to be wrong. */
export interface Spoiled {
  readonly outputs: readonly ArtifactRef[];
  readonly fault: Finding;
  /** The new blocks. */
  readonly blocks: readonly Block[];
}

/** A result that is right, and what it is judged by. */
export interface RightResult {
  readonly outputs: readonly ArtifactRef[];
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
}

export interface SpoilGround {
  readonly content: ContentStore;
  readonly sha256: Sha256;
  readonly random: RandomStream;
  /** Whether a wrong result is of use: one that nobody may hand in, or that fails without a look at it, is none. */
  readonly isFit: (spoiled: Spoiled) => Promise<boolean>;
}

/** Records tried of one output: most can be made wrong, or none can. */
const TRIES_MAX = 32;

/**
 * Makes of a right result one that is wrong in one record, at random, which still looks like the others: a citation whose words stand
 * a little beside where it says, or a field that its schema does not allow. What was made wrong is judged as the law would, so nothing
 * is given that honest seats could pass. Null when no record can be judged by blocks, or none of what can is fit. Rejects with a ContentError
 * where blocks lack, and as `isFit` does.
 */
export async function spoil(
  result: RightResult,
  { content, sha256, random, isFit }: SpoilGround,
): Promise<Spoiled | null> {
  const fetch = keepingFetcher(blockFetcher(content));
  const parsed = parseAcceptance(await fetch(result.acceptance));
  if (!parsed.ok) return null;
  const ground = { acceptance: parsed.acceptance, inputs: result.inputs, fetch, sha256, read: noneRead() };
  for (const output of shuffled([...result.outputs.keys()], random)) {
    const ref = result.outputs[output];
    const tree = ref === undefined ? null : await readTree(ref.cid, fetch);
    if (tree?.status !== 'found') continue;
    const records = tree.entries.filter(({ cid }) => codecOf(cid) === 'dag-cbor');
    for (const entry of shuffled(records, random).slice(0, TRIES_MAX))
      for await (const { record, kind } of wrongRecords(entry, ground)) {
        const { cid, size, leaves } = record;
        const built = buildTree(replaced(tree.entries, { key: entry.key, cid, size, leaves }), sha256);
        const outputs = result.outputs.map((one, index) => (index === output ? built.ref : one));
        const fault = { class: kind, claim: { output, key: entry.key, step: 0 } } as const;
        const spoiled = { outputs, fault, blocks: [{ cid, bytes: record.bytes }, ...built.blocks] };
        if (await isFit(spoiled)) return spoiled;
      }
  }
  return null;
}

interface WrongRecord {
  readonly record: ReturnType<typeof buildRecord>;
  readonly kind: Finding['class'];
}

async function* wrongRecords(
  { key, cid }: TreeEntry,
  ground: RecordGround & { readonly fetch: FetchBlock },
): AsyncGenerator<WrongRecord> {
  const decoded = decodeCbor(await ground.fetch(cid));
  if (!decoded.ok || !isMap(decoded.value)) return;
  for (const value of altered(decoded.value)) {
    const kind = await recordFault(key, value, ground);
    if (kind !== null) yield { record: buildRecord(value, ground.sha256), kind };
  }
}

/** Ways to make a record wrong, those first that only reading its source shows. */
function* altered(value: DagMap): Generator<DagMap> {
  const citation = parseCitation(value);
  if (citation !== undefined) {
    const { byteStart, byteEnd } = citation;
    if (byteStart > 0) yield { ...value, byteStart: byteStart - 1, byteEnd: byteEnd - 1 };
    yield { ...value, byteStart: byteStart + 1, byteEnd: byteEnd + 1 };
  }
  for (const field of Object.keys(value)) {
    const { [field]: _left, ...rest } = value;
    yield rest;
    yield { ...value, [field]: null };
  }
}

const replaced = (entries: readonly TreeEntry[], entry: TreeEntry): readonly TreeEntry[] =>
  entries.map((one) => (one.key === entry.key ? entry : one));

function shuffled<T>(all: readonly T[], random: RandomStream): readonly T[] {
  const keyed = all.map((one) => ({ one, at: random.below(2 ** 32) }));
  return keyed.sort((left, right) => left.at - right.at).map(({ one }) => one);
}
