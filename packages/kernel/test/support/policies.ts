import { type Capsule, cidOf, encodeCapsule, type NetworkPolicy, utf8 } from '@canswarm/protocol';
import type { DecidePolicy, LoadPolicy } from '../../src/policy/network-policy.ts';
import { sha256 } from './keys.ts';

/** The conformance vector of all of them, which allow what it asks about. */
export const TINY_VECTOR = utf8(
  JSON.stringify({
    cases: ['NEED', 'COMMIT'].map((verb) => ({
      name: verb,
      input: { envelope: { verb }, work: null },
      decision: { allow: true, reasons: [{ rule: 'tiny', code: 'granted', facts: { verb } }], gasUsed: 7 },
    })),
  }),
);

/** One that asks nothing. */
export const EMPTY_VECTOR = utf8('{"cases":[]}');

/** A policy of the tests: what it is about stands in its parameters, and `tinyPolicies` is its engine. */
export function tinyPolicy(
  parameters: Capsule['parameters'],
  module = 'tiny',
  vector = TINY_VECTOR,
  gas = 1000,
): NetworkPolicy {
  const engine = utf8(module);
  const named = cidOf(engine, 'raw', sha256);
  const capsule: Capsule = {
    v: 1,
    name: 'tiny',
    schema: 1,
    engine: named,
    source: named,
    parameters,
    gas,
    memoryBytes: 65_536,
    builtins: [],
    conformance: cidOf(vector, 'raw', sha256),
  };
  return { cid: cidOf(encodeCapsule(capsule), 'dag-cbor', sha256), capsule, engine };
}

/** As a genesis holds it. */
export const inGenesis = ({ capsule, engine }: NetworkPolicy): { capsule: Uint8Array; engine: Uint8Array } => ({
  capsule: encodeCapsule(capsule),
  engine,
});

interface Asked {
  readonly envelope: { readonly verb: string };
  readonly work: { readonly statements: number; readonly cited: number } | null;
}

/** What a test may look at or change of the decisions of its engine. */
export interface TinyEngine {
  readonly load: LoadPolicy;
  /** Inputs it was asked about. */
  readonly asked: string[];
  /** Denies whatever it is asked while this holds. */
  isShut: boolean;
}

/**
 * Denies the verbs that the parameters name under `deny` and, where they say `citing`, results with statements that are not cited; takes no
 * module but that of `tinyPolicy`.
 */
export function tinyEngine(): TinyEngine {
  const asked: string[] = [];
  const engine: TinyEngine = {
    asked,
    isShut: false,
    load({ capsule, engine: module }) {
      if (new TextDecoder().decode(module) !== 'tiny') return null;
      const denied = new Set((capsule.parameters['deny'] as readonly string[] | undefined) ?? []);
      const decide: DecidePolicy = (input) => {
        const text = new TextDecoder().decode(input);
        asked.push(text);
        const { envelope, work } = JSON.parse(text) as Asked;
        const { verb } = envelope;
        const isCited = work === null || work.cited === work.statements;
        const allow = !engine.isShut && !denied.has(verb) && (isCited || capsule.parameters['citing'] !== true);
        return { allow, reasons: [{ rule: 'tiny', code: allow ? 'granted' : 'shut', facts: { verb } }], gasUsed: 7 };
      };
      return decide;
    },
  };
  return engine;
}
