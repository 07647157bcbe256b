import type { Agent, AnySkill } from '../definition.ts';
import { verificationTerms } from '../hire/verification-terms.ts';
import type { VerificationTerms } from '../hire/work-desk.ts';
import { microOf } from '../money.ts';
import type { JsonSchema, SchemaLike } from '../schema/schema-like.ts';
import { jsonSchemaOf } from '../schema/standard-schema.ts';
import type { AgentManifest, ManifestSkill, ManifestVerification } from './agent-manifest.ts';
import { readManifest } from './read-manifest.ts';

const BPS = 10_000;

/** The manifest of an agent. Rejects with a TypeError when it is larger than manifests may be, or a HireError for what cannot be pinned. */
export async function manifestOf(agent: Agent): Promise<AgentManifest> {
  const { name, description = null, version = null, planner = null } = agent;
  const skills = await Promise.all(Object.values(agent.skills).map(manifestSkill));
  const manifest: AgentManifest = { name, description, version, planner, skills };
  const read = readManifest(manifest);
  if (read.ok) return read.manifest;
  throw new TypeError(
    `the agent "${name}" cannot be described to others (schemas, checks with all they import, examples): ${read.path} ${read.reason}`,
  );
}

async function manifestSkill(skill: AnySkill): Promise<ManifestSkill> {
  const { id, name = null, description, tags = [], price, floor, plan } = skill;
  return {
    id,
    name,
    description,
    tags: [...tags],
    inputSchema: wire(skill.inputSchema, 'input'),
    outputSchema: wire(skill.outputSchema, 'output'),
    price: skill.execute === undefined || price === undefined ? null : microOf(price),
    floor: skill.execute === undefined || floor === undefined ? null : microOf(floor),
    executes: skill.execute !== undefined,
    verifies: skill.verify !== undefined,
    shareBps: plan === undefined ? null : Math.round(plan.share * BPS),
    joins: skill.joins === true,
    divides: plan?.divide !== undefined,
    verification: told(await verificationTerms(skill.verification)),
  };
}

function wire(schema: SchemaLike, side: 'input' | 'output'): JsonSchema {
  const read = jsonSchemaOf(schema, side);
  if (read.ok) return read.schema;
  throw new TypeError(`the ${side} schema ${read.reason}`);
}

/** An example with files stays with the agent: manifests are small. */
function told({ checks, module, example }: VerificationTerms): ManifestVerification {
  const plain = example !== null && example.files.size === 0 && example.outputFiles.size === 0;
  return { checks: [...checks], module, example: plain ? { input: example.input, output: example.output } : null };
}
