import {
  type BlockSource,
  type Cid,
  type Citation,
  codecOf,
  type FileRef,
  type Missing,
  partsOf,
  type TreeEntry,
  walkTree,
  wholeFile,
} from '@canswarm/protocol';
import type { ProofTask } from './proof-content.ts';

/** What is wrong with the content, and in which block. */
export interface ContentFault {
  readonly ok: false;
  readonly code:
    | 'malformed'
    | 'not_a_record'
    | 'acceptance_invalid'
    | 'kind_unknown'
    | 'schema_violation'
    | 'citation_false';
  readonly cid: Cid;
  readonly detail: string;
}

/** Asks for blocks one by one, each once. */
export type ContentWalk<T> = Generator<Cid, T | ContentFault, Uint8Array>;

/** The blocks asked for so far. */
export class HeldBlocks {
  readonly #blocks = new Map<Cid, Uint8Array>();
  /** Parts of files walked already: parts that are alike share their blocks, and are walked once. */
  readonly parts = new Set<string>();
  /** Records judged already, by CID and schema: one may stand under many keys. */
  readonly judged = new Map<string, Citation | undefined>();
  readonly get: BlockSource = (cid) => this.#blocks.get(cid);

  *block(cid: Cid): Generator<Cid, Uint8Array, Uint8Array> {
    const held = this.#blocks.get(cid);
    if (held !== undefined) return held;
    const bytes = yield cid;
    this.#blocks.set(cid, bytes);
    return bytes;
  }

  /** Repeats a step, each time with one more of the blocks that it lacks. */
  *settle<R extends { readonly status: string }>(
    step: () => R | Missing,
  ): Generator<Cid, Exclude<R, Missing>, Uint8Array> {
    for (;;) {
      const result = step();
      if (result.status !== 'missing') return result as Exclude<R, Missing>;
      yield* this.block((result as Missing).cid);
    }
  }
}

/** Whether the inputs are whole among some blocks, by asking for each of theirs. */
export function* walkInputs(inputs: ProofTask['inputs']): ContentWalk<null> {
  return yield* inputBlocks(new HeldBlocks(), inputs);
}

export const contentFault = (code: ContentFault['code'], cid: Cid, detail: string): ContentFault => ({
  ok: false,
  code,
  cid,
  detail,
});

/** All entries of a tree. */
export function* treeEntries(held: HeldBlocks, root: Cid): ContentWalk<readonly TreeEntry[]> {
  const walk = walkTree(root);
  let step = walk.next();
  while (step.done !== true) step = walk.next(yield* held.block(step.value));
  const tree = step.value;
  return tree.status === 'found' ? tree.entries : contentFault('malformed', tree.cid, tree.reason);
}

/** Every block of a file, each in its place. */
export function* fileBlocks(held: HeldBlocks, file: FileRef, name: string): ContentWalk<null> {
  const pending = [wholeFile(file)];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const place = `${part.cid} ${part.size} ${part.span}`;
    if (held.parts.has(place)) continue;
    held.parts.add(place);
    const parts = partsOf(part, yield* held.block(part.cid));
    if ('status' in parts) return contentFault('malformed', parts.cid, `${name}: ${parts.reason}`);
    pending.push(...parts);
  }
  return null;
}

/** Every block of inputs. */
export function* inputBlocks(held: HeldBlocks, inputs: ProofTask['inputs']): ContentWalk<null> {
  for (const { cid } of inputs) {
    const entries = yield* treeEntries(held, cid);
    if ('ok' in entries) return entries;
    for (const entry of entries) {
      if (codecOf(entry.cid) === 'dag-cbor') {
        yield* held.block(entry.cid);
        continue;
      }
      const broken = yield* fileBlocks(held, entry, entry.key);
      if (broken !== null) return broken;
    }
  }
  return null;
}
