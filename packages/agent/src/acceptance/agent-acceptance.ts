import { type JsonValue, SANDBOX_SOURCE_BYTES_MAX } from '@canswarm/ports';
import {
  type Acceptance,
  type Block,
  buildFile,
  type Cid,
  cidOf,
  codecOf,
  type DagMap,
  type DagValue,
  encodeAcceptance,
  equalBytes,
  type FileRef,
  isList,
  isMap,
  LEAF_BYTES,
  Link,
  linkOf,
  ownField,
  parseAcceptance,
  parseSchema,
  type Schema,
  type Sha256,
  utf8,
  utf8Length,
} from '@canswarm/protocol';
import { VALUE } from '../bundle/bundle.ts';
import { canonicalJson } from '../json.ts';
import { kernelSchema } from '../schema/kernel-schema.ts';
import type { JsonSchema } from '../schema/schema-like.ts';

/** The name of this way of judging in acceptance records. Another rule of judgement is another name. */
export const AGENT_CHECKER = 'canswarm/agent/1';
/** Most certificate checks of one need. */
export const CHECKS_MAX = 8;
export const CHECK_NAME = /^[a-z0-9](?:[a-z0-9./-]{0,62}[a-z0-9])?$/;
const BPS = 10_000;

export type ModuleMode = 'check' | 'judge' | 'reexecute' | 'bound';
const MODES: readonly string[] = ['check', 'judge', 'reexecute', 'bound'] satisfies ModuleMode[];

/** A pinned module: its source as a file, and what it may use. */
export interface PinnedModule {
  readonly source: FileRef;
  readonly mode: ModuleMode;
  /** Basis points of the module's own score that an output must reach; null but for `bound`. */
  readonly boundBps: number | null;
}

/** What an agent's result must be, as the acceptance record of a need says it (`spec/12-agents.md`, acceptance). */
export interface AgentTerms {
  readonly skill: string;
  /** JSON Schemas (2020-12) as canonical JSON files. */
  readonly inputSchema: FileRef;
  readonly outputSchema: FileRef;
  readonly checks: readonly string[];
  readonly module: PinnedModule | null;
}

/** Terms ready to be pinned, with the blocks that they need. */
export interface BuiltTerms {
  readonly cid: Cid;
  readonly tier: number;
  readonly terms: AgentTerms;
  readonly blocks: readonly Block[];
}

export interface TermsDraft {
  readonly skill: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly checks: readonly string[];
  readonly module: { readonly source: string; readonly mode: ModuleMode; readonly boundBps: number | null } | null;
  /** CID of the example record, or null. */
  readonly example: Cid | null;
}

/**
 * Builds the acceptance record of a need for an agent's skill. The same draft gives the same record. Throws a RangeError for what no
 * record may hold.
 */
export function buildTerms(draft: TermsDraft, sha256: Sha256): BuiltTerms {
  const { skill, checks, example } = draft;
  if (checks.length > CHECKS_MAX || !checks.every((check) => CHECK_NAME.test(check)))
    throw new RangeError(`a need has at most ${CHECKS_MAX} certificate checks, by their names`);
  const files = [draft.inputSchema, draft.outputSchema].map((schema) =>
    buildFile(utf8(canonicalJson(schema as JsonValue)), sha256),
  );
  const [input, output] = files;
  if (input === undefined || output === undefined) throw new Error('two schemas are due');
  if (draft.module !== null && utf8Length(draft.module.source) > SANDBOX_SOURCE_BYTES_MAX)
    throw new RangeError(`a module has at most ${SANDBOX_SOURCE_BYTES_MAX} bytes`);
  const source = draft.module === null ? null : buildFile(utf8(draft.module.source), sha256);
  const module =
    draft.module === null || source === null
      ? null
      : { source, mode: draft.module.mode, boundBps: draft.module.boundBps };
  const terms: AgentTerms = { skill, inputSchema: input, outputSchema: output, checks: [...new Set(checks)], module };
  const bytes = encodeAcceptance(acceptanceOf(terms, valueSchema(draft.outputSchema), example));
  if (readTerms(bytes) === undefined)
    throw new RangeError('a bound is 1 to 10 000 basis points, and of a module that bounds; others have none');
  const cid = cidOf(bytes, 'dag-cbor', sha256);
  const blocks = [...files.flatMap((file) => file.blocks), ...(source?.blocks ?? []), { cid, bytes }];
  return { cid, tier: tierOf(terms), terms, blocks };
}

const linkTo = ({ cid, size }: FileRef): DagMap => ({ cid: linkOf(cid), size });

function acceptanceOf(terms: AgentTerms, schema: Schema, example: Cid | null): Acceptance {
  const { skill, inputSchema, outputSchema, checks, module } = terms;
  const params = {
    skill,
    inputSchema: linkTo(inputSchema),
    outputSchema: linkTo(outputSchema),
    checks: [...checks],
    module: module === null ? null : { source: linkTo(module.source), mode: module.mode, boundBps: module.boundBps },
  };
  return { v: 1, tier: tierOf(terms), checker: AGENT_CHECKER, params, schemas: { [VALUE]: schema }, example };
}

/** Tier of verification: 6 judges, 3 re-executes, 2 checks certificates, 1 knows only the schema. */
function tierOf({ checks, module }: AgentTerms): number {
  if (module?.mode === 'judge') return 6;
  if (module?.mode === 'reexecute') return 3;
  return checks.length > 0 || module !== null ? 2 : 1;
}

/** What the kernel demands of the record that holds an output's value. */
export function valueSchema(outputSchema: JsonSchema): Schema {
  const schema = parseSchema({
    type: 'object',
    properties: { value: kernelSchema(outputSchema) },
    required: ['value'],
    additionalProperties: false,
  });
  if (schema === undefined) throw new Error('the schema of a value is none');
  return schema;
}

/** The terms of an acceptance record; undefined unless it is one of an agent's in its one form. */
export function readTerms(
  bytes: Uint8Array,
): { readonly terms: AgentTerms; readonly acceptance: Acceptance } | undefined {
  const parsed = parseAcceptance(bytes);
  if (!parsed.ok || parsed.acceptance.checker !== AGENT_CHECKER) return undefined;
  const { acceptance } = parsed;
  const terms = termsOf(acceptance.params);
  const schema = Object.hasOwn(acceptance.schemas, VALUE) ? acceptance.schemas[VALUE] : undefined;
  if (terms === undefined || schema === undefined) return undefined;
  const again = encodeAcceptance(acceptanceOf(terms, schema, acceptance.example));
  return equalBytes(again, bytes) ? { terms, acceptance } : undefined;
}

function termsOf(params: DagMap): AgentTerms | undefined {
  const skill = ownField(params, 'skill');
  const [inputSchema, outputSchema] = ['inputSchema', 'outputSchema'].map((key) => fileOf(ownField(params, key)));
  const checks = ownField(params, 'checks');
  const module = moduleOf(ownField(params, 'module'));
  if (typeof skill !== 'string' || inputSchema === undefined || outputSchema === undefined || module === undefined)
    return undefined;
  if (!isList(checks) || checks.length > CHECKS_MAX) return undefined;
  const names = checks.filter((name) => typeof name === 'string' && CHECK_NAME.test(name)) as string[];
  return names.length === checks.length && new Set(names).size === names.length
    ? { skill, inputSchema, outputSchema, checks: names, module }
    : undefined;
}

function moduleOf(value: DagValue | undefined): PinnedModule | null | undefined {
  if (value === null) return null;
  if (!isMap(value)) return undefined;
  const source = fileOf(ownField(value, 'source'));
  const mode = ownField(value, 'mode');
  const boundBps = ownField(value, 'boundBps');
  if (source === undefined || typeof mode !== 'string' || !isMode(mode)) return undefined;
  if (mode !== 'bound') return boundBps === null ? { source, mode, boundBps } : undefined;
  return typeof boundBps === 'number' && boundBps >= 1 && boundBps <= BPS ? { source, mode, boundBps } : undefined;
}

export const isMode = (text: string): text is ModuleMode => MODES.includes(text);

function fileOf(value: DagValue | undefined): FileRef | undefined {
  if (!isMap(value)) return undefined;
  const cid = ownField(value, 'cid');
  const size = ownField(value, 'size');
  if (!(cid instanceof Link) || typeof size !== 'number' || size < 0) return undefined;
  return codecOf(cid.cid) === (size <= LEAF_BYTES ? 'raw' : 'dag-pb') ? { cid: cid.cid, size } : undefined;
}
