import type { JsonValue } from '@canswarm/ports';
import { parseDid } from '@canswarm/protocol';
import { CHECK_NAME, CHECKS_MAX, isMode } from '../acceptance/agent-acceptance.ts';
import { canonicalJson, isRecord, jsonFault } from '../json.ts';
import { judgeBySchema } from '../schema/json-schema.ts';
import type { JsonSchema } from '../schema/schema-like.ts';
import type { AgentManifest, ManifestSkill, ManifestVerification } from './agent-manifest.ts';
import {
  AGENT_NAME,
  DESCRIPTION_BYTES_MAX,
  MANIFEST_BYTES_MAX,
  MODULE_BYTES_MAX,
  SHORT_BYTES_MAX,
  SKILL_ID,
  SKILLS_MAX,
  TAGS_MAX,
} from './limits.ts';

/** A manifest, or where it is none and why: a JSON Pointer and a reason. */
export type ReadManifest =
  | { readonly ok: true; readonly manifest: AgentManifest }
  | { readonly ok: false; readonly code: 'too_large' | 'malformed'; readonly path: string; readonly reason: string };

const BPS = 10_000;
const PRICE_MAX = 1_000_000_000_000_000;

/** Reads what somebody says is a manifest. Every field is there and no other; everything is within its limit. */
export function readManifest(value: unknown): ReadManifest {
  const fault = jsonFault(value);
  if (fault !== null) return { ok: false, code: 'malformed', path: '', reason: fault };
  if (new TextEncoder().encode(canonicalJson(value as JsonValue)).length > MANIFEST_BYTES_MAX)
    return { ok: false, code: 'too_large', path: '', reason: `it has more than ${MANIFEST_BYTES_MAX} bytes` };
  try {
    return { ok: true, manifest: manifestAt(value) };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { ok: false, code: 'malformed', path: error.path, reason: error.message };
  }
}

class Unfit extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** A record with exactly these fields. */
function fields(value: unknown, names: readonly string[], path: string): Fields {
  if (!isRecord(value)) throw new Unfit(path, 'is no object');
  for (const name of names) if (!Object.hasOwn(value, name)) throw new Unfit(path, `has no "${name}"`);
  const other = Object.keys(value).find((name) => !names.includes(name));
  if (other !== undefined) throw new Unfit(path, `has a field that manifests do not have: ${JSON.stringify(other)}`);
  return value;
}

function manifestAt(value: unknown): AgentManifest {
  const { name, description, version, planner, skills } = fields(
    value,
    ['name', 'description', 'version', 'planner', 'skills'],
    '',
  );
  if (typeof name !== 'string' || !AGENT_NAME.test(name))
    throw new Unfit('/name', 'is no name: 1 to 32 of a-z, 0-9 and "-"');
  const did = typeof planner === 'string' ? parseDid(planner) : null;
  if (did === undefined || (did === null && planner !== null)) throw new Unfit('/planner', 'is no did:key');
  if (!Array.isArray(skills) || skills.length < 1 || skills.length > SKILLS_MAX)
    throw new Unfit('/skills', `is no list of 1 to ${SKILLS_MAX}`);
  const read = skills.map((skill: unknown, index) => skillAt(skill, `/skills/${index}`));
  if (new Set(read.map(({ id }) => id)).size !== read.length) throw new Unfit('/skills', 'names one skill twice');
  return {
    name,
    description: description === null ? null : text(description, DESCRIPTION_BYTES_MAX, '/description'),
    version: version === null ? null : text(version, SHORT_BYTES_MAX, '/version'),
    planner: did,
    skills: read,
  };
}

const SKILL_FIELDS = [
  'id',
  'name',
  'description',
  'tags',
  'inputSchema',
  'outputSchema',
  'price',
  'floor',
  'executes',
  'verifies',
  'shareBps',
  'joins',
  'divides',
  'verification',
] as const;

function skillAt(value: unknown, path: string): ManifestSkill {
  const given = fields(value, SKILL_FIELDS, path);
  const id = given['id'];
  if (typeof id !== 'string' || !SKILL_ID.test(id)) throw new Unfit(`${path}/id`, 'is no id of a skill');
  const executes = flag(given['executes'], `${path}/executes`);
  const verifies = flag(given['verifies'], `${path}/verifies`);
  const price = orNull(given['price'], (one) => whole(one, 1, PRICE_MAX, `${path}/price`));
  const floor = orNull(given['floor'], (one) => whole(one, 1, price ?? 0, `${path}/floor`));
  const shareBps = orNull(given['shareBps'], (one) => whole(one, 0, BPS, `${path}/shareBps`));
  const joins = flag(given['joins'], `${path}/joins`);
  const divides = flag(given['divides'], `${path}/divides`);
  if (divides && shareBps === null) throw new Unfit(`${path}/divides`, 'is for a planner');
  if (executes !== (price !== null)) throw new Unfit(`${path}/price`, 'is due exactly where the skill executes');
  if (joins && !executes) throw new Unfit(`${path}/joins`, 'is for a worker');
  if (!executes && !verifies && shareBps === null) throw new Unfit(path, 'does nothing');
  const tags = given['tags'];
  if (!Array.isArray(tags) || tags.length > TAGS_MAX)
    throw new Unfit(`${path}/tags`, `is no list of up to ${TAGS_MAX}`);
  return {
    id,
    name: orNull(given['name'], (one) => text(one, SHORT_BYTES_MAX, `${path}/name`)),
    description: text(given['description'], DESCRIPTION_BYTES_MAX, `${path}/description`),
    tags: tags.map((tag: unknown, index) => text(tag, SHORT_BYTES_MAX, `${path}/tags/${index}`)),
    inputSchema: schema(given['inputSchema'], `${path}/inputSchema`),
    outputSchema: schema(given['outputSchema'], `${path}/outputSchema`),
    price,
    floor,
    executes,
    verifies,
    shareBps,
    joins,
    divides,
    verification: verificationAt(given['verification'], `${path}/verification`),
  };
}

function verificationAt(value: unknown, path: string): ManifestVerification {
  const { checks, module, example } = fields(value, ['checks', 'module', 'example'], path);
  if (!Array.isArray(checks) || checks.length > CHECKS_MAX || new Set(checks).size !== checks.length)
    throw new Unfit(`${path}/checks`, `is no list of up to ${CHECKS_MAX} different names`);
  const names = checks.map((name: unknown, index) => {
    if (typeof name === 'string' && CHECK_NAME.test(name)) return name;
    throw new Unfit(`${path}/checks/${index}`, 'is no name of a check');
  });
  return {
    checks: names,
    module: orNull(module, (one) => moduleAt(one, `${path}/module`)),
    example: orNull(example, (one) => {
      const { input, output } = fields(one, ['input', 'output'], `${path}/example`);
      return { input: input as JsonValue, output: output as JsonValue };
    }),
  };
}

function moduleAt(value: unknown, path: string): NonNullable<ManifestVerification['module']> {
  const { source, mode, boundBps } = fields(value, ['source', 'mode', 'boundBps'], path);
  if (typeof mode !== 'string' || !isMode(mode)) throw new Unfit(`${path}/mode`, 'is no way of judging');
  if (mode !== 'bound' && boundBps !== null) throw new Unfit(`${path}/boundBps`, 'is due for "bound" only');
  return {
    source: text(source, MODULE_BYTES_MAX, `${path}/source`),
    mode,
    boundBps: mode === 'bound' ? whole(boundBps, 1, BPS, `${path}/boundBps`) : null,
  };
}

function schema(value: unknown, path: string): JsonSchema {
  if (!isRecord(value)) throw new Unfit(path, 'is no JSON Schema object');
  const judged = judgeBySchema(value);
  if (!judged.ok) throw new Unfit(`${path}${judged.fault.path}`, judged.fault.reason);
  return value;
}

const orNull = <T>(value: unknown, read: (value: unknown) => T): T | null => (value === null ? null : read(value));

function text(value: unknown, bytesMax: number, path: string): string {
  if (typeof value === 'string' && value !== '' && new TextEncoder().encode(value).length <= bytesMax) return value;
  throw new Unfit(path, `is no text of 1 to ${bytesMax} bytes`);
}

function flag(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new Unfit(path, 'is neither true nor false');
}

function whole(value: unknown, least: number, most: number, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new Unfit(path, `is no whole number from ${least} to ${most}`);
}
