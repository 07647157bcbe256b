import {
  type Acceptance,
  type ArtifactRef,
  type BlockSource,
  type Cid,
  type CitationVerdict,
  checkCitation,
  codecOf,
  decodeCbor,
  type Malformed,
  type Missing,
  noneRead,
  parseAcceptance,
  type Sha256,
  walkTree,
} from '@canswarm/protocol';

/** What a result states, and how much of that stands in the inputs of its need. */
export interface Stated {
  readonly statements: number;
  readonly cited: number;
}

/** Where the statements of a result are, and what they are held against. */
export interface StatedIn {
  readonly outputs: readonly ArtifactRef[];
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
}

export type StatedVerdict =
  | ({ readonly status: 'found' } & Stated)
  /** Of an output or an input: nothing can be counted. */
  | Malformed
  /** The acceptance is none. */
  | { readonly status: 'unfit' };

/**
 * Counts the statements of a result: records at keys that the need's acceptance does not name. Cited are those that are true citations.
 * Asks for blocks one by one, which whoever answers has hashed; an output is read once however often it is listed, a record judged once under however
 * many keys it stands: so the bond of a proof, which counts what is shown, is what counting takes.
 * Source: `spec/13-policy.md`, statements.
 */
export function* walkStatements(
  { outputs, inputs, acceptance }: StatedIn,
  sha256: Sha256,
): Generator<Cid, StatedVerdict, Uint8Array> {
  const parsed = parseAcceptance(yield acceptance);
  if (!parsed.ok) return { status: 'unfit' };
  const { schemas } = parsed.acceptance;
  const judge = citationJudge(inputs, sha256);
  const counted = { statements: 0, cited: 0 };
  const known = new Map<Cid, Stated>();
  for (const { cid: output } of outputs) {
    const before = known.get(output);
    const found =
      before === undefined ? yield* countOutput(output, schemas, judge) : { status: 'found' as const, ...before };
    if (found.status !== 'found') return found;
    const { statements, cited } = found;
    known.set(output, { statements, cited });
    counted.statements += statements;
    counted.cited += cited;
  }
  return { status: 'found', ...counted };
}

type CitationJudge = (cid: Cid) => Generator<Cid, boolean | Malformed, Uint8Array>;

/** Counts the statements of one output. */
function* countOutput(
  output: Cid,
  schemas: Acceptance['schemas'],
  judge: CitationJudge,
): Generator<Cid, ({ readonly status: 'found' } & Stated) | Malformed, Uint8Array> {
  const counted = { statements: 0, cited: 0 };
  const tree = yield* walkTree(output);
  if (tree.status !== 'found') return tree;
  for (const { key, cid } of tree.entries) {
    if (codecOf(cid) !== 'dag-cbor' || (key !== '*' && Object.hasOwn(schemas, key))) continue;
    const isCited = yield* judge(cid);
    if (typeof isCited !== 'boolean') return isCited;
    counted.statements += 1;
    if (isCited) counted.cited += 1;
  }
  return { status: 'found', ...counted };
}

/** Says of a record whether it is a true citation. */
function citationJudge(inputs: readonly ArtifactRef[], sha256: Sha256): CitationJudge {
  const [judged, held, read] = [new Map<Cid, boolean>(), new Map<Cid, Uint8Array>(), noneRead()];
  return function* (cid) {
    const known = judged.get(cid);
    if (known !== undefined) return known;
    const record = decodeCbor(yield cid);
    for (;;) {
      const checked: CitationVerdict = record.ok
        ? checkCitation(record.value, inputs, (one) => held.get(one), sha256, read)
        : { status: 'false', reason: 'not_a_citation' };
      if (checked.status === 'malformed') return checked;
      if (checked.status === 'missing') {
        held.set(checked.cid, yield checked.cid);
        continue;
      }
      judged.set(cid, checked.status === 'true');
      return checked.status === 'true';
    }
  };
}

/** The same from blocks that are at hand: one that lacks is `missing`. */
export function countStatements(about: StatedIn, get: BlockSource, sha256: Sha256): StatedVerdict | Missing {
  const walk = walkStatements(about, sha256);
  let step = walk.next();
  while (step.done !== true) {
    const bytes = get(step.value);
    if (bytes === undefined) return { status: 'missing', cid: step.value };
    step = walk.next(bytes);
  }
  return step.value;
}
