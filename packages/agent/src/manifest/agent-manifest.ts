import type { JsonValue } from '@canswarm/ports';
import type { Did, Micro } from '@canswarm/protocol';
import type { ModuleMode } from '../acceptance/agent-acceptance.ts';
import type { VerificationTerms } from '../hire/work-desk.ts';
import { canonicalJson } from '../json.ts';
import type { JsonSchema } from '../schema/schema-like.ts';

/** How a skill's results are best judged, as far as a manifest can say it. */
export interface ManifestVerification {
  readonly checks: readonly string[];
  readonly module: { readonly source: string; readonly mode: ModuleMode; readonly boundBps: number | null } | null;
  /** A case that passes; null also for one that needs files. */
  readonly example: { readonly input: JsonValue; readonly output: JsonValue } | null;
}

/** One skill as an agent offers it to others. */
export interface ManifestSkill {
  readonly id: string;
  readonly name: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  /** Micro-credits for one task; null for a skill that does not execute. */
  readonly price: Micro | null;
  /** The least that it goes down to when it is outbid; null: it stays at its price. */
  readonly floor: Micro | null;
  readonly executes: boolean;
  readonly verifies: boolean;
  /** As a planner: its part of the worker's price in basis points; null: it does not plan. */
  readonly shareBps: number | null;
  /** Whether it executes only the last task of divided needs. */
  readonly joins: boolean;
  /** Whether it divides work into tasks; only a planner does. */
  readonly divides: boolean;
  readonly verification: ManifestVerification;
}

/** What an agent says of itself: plain data, the same for who runs it and for who looks for somebody. Source: `spec/12-agents.md`, manifests. */
export interface AgentManifest {
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  readonly planner: Did | null;
  readonly skills: readonly ManifestSkill[];
}

/** The one text of a manifest: what is signed, and what goes over the wire. */
export const manifestText = (manifest: AgentManifest): string => canonicalJson(manifest as unknown as JsonValue);

/** What a manifest says of judging, for those who hire by it. */
export const termsOfManifest = ({ checks, module, example }: ManifestVerification): VerificationTerms => ({
  checks,
  module,
  example: example === null ? null : { ...example, files: new Map(), outputFiles: new Map() },
});
