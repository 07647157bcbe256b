import { createHash } from 'node:crypto';
import {
  agentSkill,
  blockFetcher,
  buildTerms,
  CertificateChecks,
  type JudgingTools,
  jsonSchemaOf,
  publishBundle,
  readBundle,
} from '@canswarm/agent';
import { memoryContent } from '@canswarm/memory';
import type { EvaluateOutcome, JsonValue, SkillContext, TaskInput } from '@canswarm/ports';
import { type ArtifactRef, asNeedId, cidOf, utf8 } from '@canswarm/protocol';
import { agent, check } from '../../src/index.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

const tools: JudgingTools = {
  checks: new CertificateChecks([check]),
  sandbox: { run: () => Promise.reject(new Error('no module is pinned')), close: () => Promise.resolve() },
};

/** An input or output as what it is made of. */
export interface Content {
  readonly value: JsonValue;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** One input at work and under judgement, as on a network but for the network. */
export interface Desk {
  /** What the agent makes of the input. */
  work(): Promise<Content>;
  /** What a seat says of a result. */
  judge(result: Content): Promise<EvaluateOutcome>;
}

/** Publishes an input with the terms that the agent proposes. */
export async function deskFor(input: Content): Promise<Desk> {
  const content = memoryContent(sha256);
  const { id, inputSchema, outputSchema } = agent.skills['reconcile'];
  const schemas = [jsonSchemaOf(inputSchema, 'input'), jsonSchemaOf(outputSchema, 'output')];
  const [asked, given] = schemas.map((read) => (read.ok ? read.schema : {}));
  const terms = buildTerms(
    {
      skill: id,
      inputSchema: asked ?? {},
      outputSchema: given ?? {},
      checks: [check.name],
      module: null,
      example: null,
    },
    sha256,
  );
  await content.putBlocks(terms.blocks);
  const publish = (draft: Content): Promise<ArtifactRef> => publishBundle(content, { ...draft, citations: [] }, sha256);
  const context: SkillContext = {
    content,
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
    sha256,
    now: () => 0,
  };
  const task: TaskInput = {
    need: asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256)),
    skill: id,
    goal: null,
    inputs: [await publish(input)],
    acceptance: terms.cid,
    attempt: 1,
    price: 300_000,
    timeMs: 60_000,
  };
  const skill = agentSkill(agent, tools);
  return {
    async work() {
      const outcome = await skill.execute?.(task, context);
      const [output] = outcome?.outputs ?? [];
      if (output === undefined) throw new Error('the agent gave no output');
      const { value, files } = await readBundle(output, blockFetcher(content));
      const pairs = await Promise.all(files.names().map(async (name) => [name, await files.bytes(name)] as const));
      return { value, files: new Map(pairs) };
    },
    async judge(result) {
      const subject = { task, commit: cidOf(utf8('commit'), 'dag-cbor', sha256), outputs: [await publish(result)] };
      const outcome = await skill.evaluate?.(subject, context);
      if (outcome === undefined) throw new Error('the agent does not judge');
      return outcome;
    },
  };
}

/** An input of two tables. */
export const tablesInput = (
  left: Uint8Array | string,
  right: Uint8Array | string,
  asked: Readonly<Record<string, JsonValue>>,
): Content => ({
  value: { left: 'left.csv', right: 'right.csv', ...asked },
  files: new Map([
    ['left.csv', bytesOf(left)],
    ['right.csv', bytesOf(right)],
  ]),
});

const bytesOf = (table: Uint8Array | string): Uint8Array => (typeof table === 'string' ? utf8(table) : table);
