import type { ContentStore } from '@canswarm/ports';
import {
  type Acceptance,
  type ArtifactRef,
  type Block,
  buildFile,
  buildTree,
  type Cid,
  cidOf,
  type DagMap,
  type DagValue,
  encodeAcceptance,
  encodeExample,
  equalBytes,
  ownField,
  parseAcceptance,
  parseSchema,
  QUOTE_BYTES_MAX,
  type Schema,
  type Sha256,
  TREE_KEY_BYTES_MAX,
  utf8,
  utf8Length,
} from '@canswarm/protocol';
import { claimAt } from './brief/claim.ts';
import { ENGINE_BYTES_MAX, QUESTION_BYTES_MAX, REPORT_KEY, STATEMENTS_MAX } from './brief/report.ts';
import { BOUND_BPS } from './checker/bound.ts';
import { buildBrief } from './publish.ts';

/** The name of this checker in acceptance records. Another rule of judgement is another name. */
export const CHECKER = 'canswarm/brief/1';
/** The skill's name in needs. */
export const SKILL = 'brief';
/** A certificate is checked, which is cheaper than the work. */
export const TIER = 2;
const STATEMENTS_USUAL = 12;

/** What a requester asks for. */
export interface BriefParams {
  /** 1 to 4096 bytes. */
  readonly question: string;
  /** 1 to 64. */
  readonly maxStatements: number;
  /** What part of the checker's own best a brief must reach, in basis points, 0 to 10 000. */
  readonly boundBps: number;
}

/**
 * Reads an acceptance record as that of a brief. Undefined unless it is, to the byte, what `buildAcceptance` makes of its
 * params, but for the example: then workers, seats and the kernel go by the same schemas.
 */
export function readAcceptance(bytes: Uint8Array): BriefParams | undefined {
  const parsed = parseAcceptance(bytes);
  const params = parsed.ok ? parseBriefParams(parsed.acceptance.params) : undefined;
  if (!parsed.ok || params === undefined) return undefined;
  return equalBytes(encodeAcceptance(acceptanceOf(params, parsed.acceptance.example)), bytes) ? params : undefined;
}

/** Fills in what the requester left open. Throws a RangeError for what no acceptance may hold. */
export function briefParams(asked: Pick<BriefParams, 'question'> & Partial<BriefParams>): BriefParams {
  const params = { maxStatements: STATEMENTS_USUAL, boundBps: BOUND_BPS, ...asked };
  const parsed = parseBriefParams({ ...params });
  if (parsed === undefined) throw new RangeError('a question has 1 to 4096 bytes, a brief 1 to 64 statements');
  return parsed;
}

/** Reads the params of an acceptance record; undefined when they are not those of a brief. */
function parseBriefParams(params: DagMap): BriefParams | undefined {
  const question = ownField(params, 'question');
  const maxStatements = ownField(params, 'maxStatements');
  const boundBps = ownField(params, 'boundBps');
  if (typeof question !== 'string' || !question.isWellFormed() || question.trim() === '') return undefined;
  if (utf8Length(question) > QUESTION_BYTES_MAX || Object.keys(params).length !== 3) return undefined;
  if (!isWithin(maxStatements, 1, STATEMENTS_MAX) || !isWithin(boundBps, 0, 10_000)) return undefined;
  return { question, maxStatements, boundBps };
}

function isWithin(value: DagValue | undefined, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}

const text = (maxLength: number): DagMap => ({ type: 'string', minLength: 1, maxLength });
const count = (minimum: number): DagMap => ({ type: 'integer', minimum });

function object(properties: DagMap): DagMap {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** Schema of the record under the key `report`. */
function reportSchema({ question, maxStatements }: BriefParams): Schema {
  const keys = { type: 'array', items: text(6), minItems: 1, maxItems: maxStatements };
  const group = object({ title: text(256), statements: keys });
  return sound(
    object({
      v: { const: 1 },
      kind: { const: 'brief' },
      question: { const: question },
      engine: text(ENGINE_BYTES_MAX),
      groups: { type: 'array', items: group, maxItems: maxStatements },
    }),
  );
}

/** Schema of every other record: a statement, with exactly the fields of a citation. */
function statementSchema(): Schema {
  return sound(
    object({
      input: { const: 0 },
      path: text(TREE_KEY_BYTES_MAX),
      document: { type: 'link' },
      byteStart: count(0),
      byteEnd: count(1),
      quote: text(QUOTE_BYTES_MAX),
      sha256: { type: 'bytes', minLength: 32, maxLength: 32 },
      lineStart: count(1),
      lineEnd: count(1),
    }),
  );
}

/** The schema that the record under a key of the output tree must fit. */
export function briefSchema(params: BriefParams, key: string): Schema {
  return key === REPORT_KEY ? reportSchema(params) : statementSchema();
}

function sound(value: DagMap): Schema {
  const schema = parseSchema(value);
  if (schema === undefined) throw new Error('a schema of this agent is invalid');
  return schema;
}

/** An acceptance record ready to be published: its blocks include those of the example it names. */
export interface BuiltAcceptance {
  readonly cid: Cid;
  readonly acceptance: Acceptance;
  readonly blocks: readonly Block[];
}

/** Builds what a brief will be judged by. The same params always give the same record. */
export function buildAcceptance(params: BriefParams, sha256: Sha256): BuiltAcceptance {
  const example = buildExample(sha256);
  const acceptance = acceptanceOf(params, example.cid);
  const bytes = encodeAcceptance(acceptance);
  const cid = cidOf(bytes, 'dag-cbor', sha256);
  return { cid, acceptance, blocks: [...example.blocks, { cid, bytes }] };
}

/** Builds an acceptance record and puts its blocks into the store. */
export async function publishAcceptance(store: ContentStore, params: BriefParams, sha256: Sha256): Promise<Cid> {
  const { cid, blocks } = buildAcceptance(params, sha256);
  await store.putBlocks(blocks);
  return cid;
}

function acceptanceOf(params: BriefParams, example: Cid | null): Acceptance {
  const schemas = { [REPORT_KEY]: reportSchema(params), '*': statementSchema() };
  return { v: 1, tier: TIER, checker: CHECKER, params: { ...params }, schemas, example };
}

const EXAMPLE_PATH = 'README.md';
const EXAMPLE_PASSAGE = 'To report a problem, write to the address in SECURITY.md.';
const EXAMPLE_TEXT = `# Example\n\nThis project shows what a brief looks like.\n\n${EXAMPLE_PASSAGE}\n`;
const EXAMPLE_QUESTION = 'How do I report a problem?';

/** A whole case that passes: what was asked of which documents, and the brief that answers. */
export interface Example {
  readonly input: ArtifactRef;
  readonly output: ArtifactRef;
  /** The acceptance the output passes under, with no example of its own. */
  readonly acceptance: Cid;
}

/** Builds the passing example that every acceptance names: a record that links to its input, output and acceptance. */
export function buildExample(sha256: Sha256): Example & { readonly cid: Cid; readonly blocks: readonly Block[] } {
  const file = buildFile(utf8(EXAMPLE_TEXT), sha256);
  const input = buildTree([{ key: EXAMPLE_PATH, cid: file.cid, leaves: file.leaves, size: file.size }], sha256);
  const document = { path: EXAMPLE_PATH, cid: file.cid, bytes: utf8(EXAMPLE_TEXT) };
  const start = EXAMPLE_TEXT.indexOf(EXAMPLE_PASSAGE);
  const claims = [claimAt(document, start, start + EXAMPLE_PASSAGE.length)];
  const params = briefParams({ question: EXAMPLE_QUESTION, maxStatements: 1 });
  const output = buildBrief({ question: EXAMPLE_QUESTION, engine: 'example', claims }, sha256);
  const acceptanceBytes = encodeAcceptance(acceptanceOf(params, null));
  const acceptance = cidOf(acceptanceBytes, 'dag-cbor', sha256);
  const bytes = encodeExample({ v: 1, kind: 'example', input: input.ref, output: output.ref, acceptance });
  const record = cidOf(bytes, 'dag-cbor', sha256);
  const blocks = [
    ...file.blocks,
    ...input.blocks,
    ...output.blocks,
    { cid: acceptance, bytes: acceptanceBytes },
    { cid: record, bytes },
  ];
  return { cid: record, input: input.ref, output: output.ref, acceptance, blocks };
}
