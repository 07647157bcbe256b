import { createHash } from 'node:crypto';
import {
  type Agent,
  agentSkill,
  type Bundle,
  blockFetcher,
  buildTerms,
  type CertificateCheck,
  CertificateChecks,
  evaluateByTerms,
  type JudgingTools,
  jsonSchemaOf,
  publishBundle,
  readBundle,
} from '@canswarm/agent';
import { memoryContent } from '@canswarm/memory';
import type { EvaluateOutcome, JsonValue, SkillContext, TaskInput } from '@canswarm/ports';
import { type ArtifactRef, asNeedId, cidOf, type Sha256, utf8 } from '@canswarm/protocol';

const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());
const TIME_MS = 60_000;

/** An input or output as what it is made of. */
export interface Content {
  readonly value: JsonValue;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export type NamedFiles = Readonly<Record<string, Uint8Array | string>> | ReadonlyMap<string, Uint8Array>;

/** A piece of work: what was asked, what came of it, and what a seat says of that. */
export interface Worked {
  readonly input: Bundle;
  readonly output: Bundle;
  readonly outputCid: string;
  evaluate(): Promise<EvaluateOutcome>;
}

/** One input at work and under judgement, as on a network but for the network. */
export interface Desk {
  /** What the agent makes of the input. Rejects when the agent gives it back. */
  work(): Promise<Content>;
  /** What a seat says of a result. */
  judge(result: Content): Promise<EvaluateOutcome>;
}

/** Where an agent of one skill works under the terms that it proposes itself. */
export interface Workshop {
  deskFor(input: Content): Promise<Desk>;
  /** Has the agent do a piece of work. Rejects when it gives it back. */
  work(value: JsonValue, files: NamedFiles): Promise<Worked>;
  /** What the check alone says of an output. */
  reasonsAgainst(input: Bundle, output: Bundle): Promise<readonly string[]>;
}

export function workshop(agent: Agent, check: CertificateCheck): Workshop {
  const tools: JudgingTools = {
    checks: new CertificateChecks([check]),
    sandbox: { run: () => Promise.reject(new Error('no module is pinned')), close: () => Promise.resolve() },
  };
  return {
    async deskFor(input) {
      const place = await placeFor(agent, check.name, tools, input);
      return {
        async work() {
          const { value, files } = await place.read(await place.execute());
          const pairs = await Promise.all(files.names().map(async (name) => [name, await files.bytes(name)] as const));
          return { value, files: new Map(pairs) };
        },
        judge: async (result) => place.evaluate(await place.publish(result)),
      };
    },
    async work(value, files) {
      const place = await placeFor(agent, check.name, tools, { value, files: bytesOf(files) });
      const made = await place.execute();
      const [input, output] = [await place.read(place.input), await place.read(made)];
      return { input, output, outputCid: made.cid, evaluate: () => place.evaluate(made) };
    },
    reasonsAgainst: async (input, output) => check.check({ input, output, signal: new AbortController().signal }),
  };
}

const bytesOf = (files: NamedFiles): ReadonlyMap<string, Uint8Array> =>
  files instanceof Map
    ? files
    : new Map(Object.entries(files).map(([name, bytes]) => [name, typeof bytes === 'string' ? utf8(bytes) : bytes]));

/** A content store with an input and the terms for it. */
interface Place {
  readonly input: ArtifactRef;
  publish(draft: Content): Promise<ArtifactRef>;
  read(artifact: ArtifactRef): Promise<Bundle>;
  execute(): Promise<ArtifactRef>;
  evaluate(output: ArtifactRef): Promise<EvaluateOutcome>;
}

async function placeFor(agent: Agent, check: string, tools: JudgingTools, asked: Content): Promise<Place> {
  const content = memoryContent(sha256);
  const { id, terms } = termsOf(agent, check);
  await content.putBlocks(terms.blocks);
  const publish = (draft: Content): Promise<ArtifactRef> => publishBundle(content, { ...draft, citations: [] }, sha256);
  const context: SkillContext = {
    content,
    sha256,
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
    now: () => 0,
  };
  const input = await publish(asked);
  const task: TaskInput = {
    need: asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256)),
    skill: id,
    goal: null,
    inputs: [input],
    acceptance: terms.cid,
    attempt: 1,
    price: 1,
    timeMs: TIME_MS,
  };
  return {
    input,
    publish,
    read: (artifact) => readBundle(artifact, blockFetcher(content)),
    async execute() {
      const outcome = await agentSkill(agent, tools).execute?.(task, context);
      const [output] = outcome?.outputs ?? [];
      if (output === undefined) throw new Error('nothing came of it');
      return output;
    },
    evaluate: (output) => {
      const subject = { task, commit: cidOf(utf8('commit'), 'dag-cbor', sha256), outputs: [output] };
      return evaluateByTerms(subject, context, tools);
    },
  };
}

function termsOf({ skills }: Agent, check: string) {
  const [skill, ...others] = Object.values(skills);
  if (skill === undefined || others.length > 0) throw new RangeError('an agent of one skill is due');
  const [input, output] = [jsonSchemaOf(skill.inputSchema, 'input'), jsonSchemaOf(skill.outputSchema, 'output')];
  if (!input.ok || !output.ok) throw new Error('a defined agent has schemas');
  const schemas = { inputSchema: input.schema, outputSchema: output.schema };
  const draft = { skill: skill.id, ...schemas, checks: [check], module: null, example: null };
  return { id: skill.id, terms: buildTerms(draft, sha256) };
}
