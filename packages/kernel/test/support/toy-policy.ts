import { type Capsule, cidOf, encodeCapsule, type NetworkPolicy, type PolicyDecision, utf8 } from '@canswarm/protocol';
import type { LoadPolicy } from '../../src/policy/network-policy.ts';
import { sha256 } from './keys.ts';
import { EMPTY_VECTOR } from './policies.ts';

/** What a toy policy denies; nothing that is left out. Never a TICK or WITHDRAW, so that all that is open ends. */
export interface ToyRules {
  readonly name: string;
  /** These verbs. */
  readonly deny?: readonly string[];
  /** These verbs, of who has not the role of a verifier. */
  readonly verifiersOnly?: readonly string[];
  /** More entries of one sender in a window than this, and more bytes. */
  readonly messages?: number;
  readonly bytes?: number;
  /** More entries of one need. */
  readonly ofNeed?: number;
  /** Work of more tokens. */
  readonly tokens?: number;
  /** Results with statements that are not cited. */
  readonly citing?: boolean;
}

/** What it is asked, as far as it looks at it. */
export interface ToyQuestion {
  readonly envelope: { readonly verb: string };
  readonly sender: { readonly roles: readonly string[]; readonly messages: number; readonly bytes: number };
  readonly need: { readonly spent: { readonly messages: number; readonly tokens: number } } | null;
  readonly work: { readonly statements: number; readonly cited: number } | null;
}

const MOST = Number.MAX_SAFE_INTEGER;

/** Whether a toy policy allows what it is asked about. */
export function toyAllows(rules: Omit<ToyRules, 'name'>, { envelope, sender, need, work }: ToyQuestion): boolean {
  const { deny = [], verifiersOnly = [], citing = false } = rules;
  const { messages = MOST, bytes = MOST, ofNeed = MOST, tokens = MOST } = rules;
  const { verb } = envelope;
  if (verb === 'TICK' || verb === 'WITHDRAW') return true;
  if (deny.includes(verb)) return false;
  if (verb === 'POLICY') return true;
  if (verifiersOnly.includes(verb) && !sender.roles.includes('verifier')) return false;
  if (sender.messages > messages || sender.bytes > bytes) return false;
  if (need !== null && (need.spent.messages > ofNeed || need.spent.tokens > tokens)) return false;
  return !citing || work === null || work.cited === work.statements;
}

const MODULE = utf8('toy');
/** More than a proof may take. */
const GAS = 20_000_000;

/** A policy of those rules. */
export function toyPolicy({ name, ...rules }: ToyRules, module = MODULE): NetworkPolicy {
  const engine = cidOf(module, 'raw', sha256);
  const capsule: Capsule = {
    ...{ v: 1, schema: 1, name, engine, source: engine, conformance: cidOf(EMPTY_VECTOR, 'raw', sha256) },
    ...{ parameters: { ...rules }, gas: GAS, memoryBytes: 65_536, builtins: [] },
  };
  return { cid: cidOf(encodeCapsule(capsule), 'dag-cbor', sha256), capsule, engine: module };
}

/** What a toy policy answers, and what that takes. */
export const toyDecision = (allow: boolean): PolicyDecision => ({
  allow,
  reasons: [{ rule: 'toy', code: allow ? 'granted' : 'denied', facts: {} }],
  gasUsed: 7,
});

/** The engine of toy policies. */
export const loadToy: LoadPolicy = ({ capsule, engine }) => {
  if (new TextDecoder().decode(engine) !== 'toy') return null;
  return (input) => {
    const question = JSON.parse(new TextDecoder().decode(input)) as ToyQuestion;
    return toyDecision(toyAllows(capsule.parameters, question));
  };
};
