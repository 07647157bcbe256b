import { compareText, utf8Length } from '../bytes.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { Link } from '../cbor/value.ts';
import type { Sha256 } from '../crypto.ts';
import { inDomain } from '../domains.ts';
import type { Cid } from '../ids.ts';

/** Most reasons of one decision, and facts of one reason. */
export const POLICY_REASONS_MAX = 64;
export const POLICY_FACTS_MAX = 16;
/** Longest name of a rule, code or fact, in bytes of UTF-8; longest text as a fact. */
export const POLICY_NAME_BYTES_MAX = 64;
export const POLICY_FACT_BYTES_MAX = 512;

/** Why a policy decided as it did: the rule that says so, what it says, and about what. Integers are safe ones. */
export interface PolicyReason {
  readonly rule: string;
  readonly code: string;
  readonly facts: Readonly<Record<string, PolicyFact>>;
}

type PolicyFact = string | number | boolean;

/** What a policy itself says. */
export interface PolicyVerdict {
  readonly allow: boolean;
  readonly reasons: readonly PolicyReason[];
}

/** What came of one evaluation. It depends on the capsule and on the input's bytes alone, `gasUsed` included. */
export interface PolicyDecision extends PolicyVerdict {
  readonly gasUsed: number;
}

/** Reads what a policy gave; undefined for what is no decision. Source: `spec/13-policy.md`, decisions. */
export function readVerdict(json: unknown): PolicyVerdict | undefined {
  const fields = fieldsOf(json, ['allow', 'reasons']);
  const allow = fields?.['allow'];
  const list = fields?.['reasons'];
  if (typeof allow !== 'boolean' || !Array.isArray(list) || list.length > POLICY_REASONS_MAX) return undefined;
  const reasons: PolicyReason[] = [];
  for (const item of list) {
    const reason = readReason(item);
    if (reason === undefined) return undefined;
    reasons.push(reason);
  }
  return { allow, reasons: reasons.sort((left, right) => compareText(orderOf(left), orderOf(right))) };
}

/** Reasons are a set: listed by rule, code and facts. */
const orderOf = ({ rule, code, facts }: PolicyReason): string => JSON.stringify([rule, code, facts]);

function readReason(json: unknown): PolicyReason | undefined {
  const fields = fieldsOf(json, ['code', 'facts', 'rule']);
  if (fields === undefined) return undefined;
  const { rule, code, facts } = fields as Record<string, unknown>;
  if (!isName(rule) || !isName(code) || typeof facts !== 'object' || facts === null || Array.isArray(facts)) {
    return undefined;
  }
  const entries = Object.entries(facts as Record<string, unknown>);
  if (entries.length > POLICY_FACTS_MAX || !entries.every(([name, fact]) => isName(name) && isFact(fact))) {
    return undefined;
  }
  const sorted = entries.sort(([left], [right]) => compareText(left, right));
  return { rule, code, facts: Object.fromEntries(sorted) as PolicyReason['facts'] };
}

function fieldsOf(json: unknown, names: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const keys = Object.keys(json).sort();
  const same = keys.length === names.length && keys.every((key, index) => key === names[index]);
  return same ? (json as Readonly<Record<string, unknown>>) : undefined;
}

const isText = (value: unknown, min: number, max: number): value is string =>
  typeof value === 'string' &&
  value.length >= min &&
  value.length <= max &&
  value.isWellFormed() &&
  utf8Length(value) <= max;

const isName = (value: unknown): value is string => isText(value, 1, POLICY_NAME_BYTES_MAX) && value !== '__proto__';

function isFact(value: unknown): value is PolicyFact {
  if (typeof value === 'boolean') return true;
  return typeof value === 'number' ? Number.isSafeInteger(value) : isText(value, 0, POLICY_FACT_BYTES_MAX);
}

/**
 * The digest of one evaluation: of the capsule, the input's JSON text in UTF-8 and what came of it. Who evaluated the same
 * capsule over the same input has the same digest. Source: `spec/13-policy.md`, decisions.
 */
export function policyDigest(sha256: Sha256, capsule: Cid, input: Uint8Array, decision: PolicyDecision): Uint8Array {
  const { allow, reasons, gasUsed } = decision;
  const listed = reasons.map(({ rule, code, facts }) => ({ rule, code, facts }));
  const evaluated = { capsule: new Link(capsule), input: sha256(input), allow, reasons: listed, gasUsed };
  return sha256(inDomain('policy', encodeCbor(evaluated)));
}
