import { createHash } from 'node:crypto';
import {
  agentSkill,
  type Bundle,
  type BundleDraft,
  blockFetcher,
  buildTerms,
  CertificateChecks,
  evaluateByTerms,
  type JsonSchema,
  type JudgingTools,
  publishBundle,
  readBundle,
} from '@canswarm/agent';
import { memoryContent } from '@canswarm/memory';
import type { EvaluateOutcome, JsonValue, ResultInput, Sandbox, SkillContext, TaskInput } from '@canswarm/ports';
import { asNeedId, cidOf, type Sha256, utf8 } from '@canswarm/protocol';
import { agent, check } from '../../src/index.ts';
import { CHECK, SKILL } from '../../src/rules.ts';
import { inputSchema, outputSchema } from '../../src/schemas.ts';

const sha256: Sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());
const sandbox: Sandbox = {
  run: () => Promise.reject(new Error('no module is used here')),
  close: () => Promise.resolve(),
};
const tools: JudgingTools = { checks: new CertificateChecks([check]), sandbox };

/** A piece of work: what was asked, what came of it, and how to judge that or another output. */
export interface Worked {
  readonly input: Bundle;
  readonly output: Bundle;
  readonly outputCid: string;
  /** Judges the output as a seat does. */
  evaluate(): Promise<EvaluateOutcome>;
}

export type NamedFiles = Readonly<Record<string, Uint8Array | string>> | ReadonlyMap<string, Uint8Array>;

const contentOf = (files: NamedFiles): ReadonlyMap<string, Uint8Array> =>
  files instanceof Map
    ? files
    : new Map(Object.entries(files).map(([name, bytes]) => [name, typeof bytes === 'string' ? utf8(bytes) : bytes]));

/** Has the agent do a piece of work, as a node does. Rejects when the agent does not do it. */
export async function work(value: JsonValue, files: NamedFiles): Promise<Worked> {
  const content = memoryContent(sha256);
  const terms = buildTerms(
    {
      skill: SKILL,
      inputSchema: inputSchema as JsonSchema,
      outputSchema: outputSchema as JsonSchema,
      checks: [CHECK],
      module: null,
      example: null,
    },
    sha256,
  );
  await content.putBlocks(terms.blocks);
  const draft: BundleDraft = { value, files: contentOf(files), citations: [] };
  const ref = await publishBundle(content, draft, sha256);
  const context: SkillContext = {
    content,
    sha256,
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
    now: () => 0,
  };
  const task: TaskInput = {
    need: asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256)),
    skill: SKILL,
    goal: null,
    inputs: [ref],
    acceptance: terms.cid,
    attempt: 1,
    price: 1,
    timeMs: 60_000,
  };
  const done = await agentSkill(agent, tools).execute?.(task, context);
  const [output] = done?.outputs ?? [];
  if (output === undefined) throw new Error('nothing came of it');
  const subject: ResultInput = { task, commit: cidOf(utf8('commit'), 'dag-cbor', sha256), outputs: [output] };
  const fetch = blockFetcher(content);
  return {
    input: await readBundle(ref, fetch),
    output: await readBundle(output, fetch),
    outputCid: output.cid,
    evaluate: () => evaluateByTerms(subject, context, tools),
  };
}

/** What the check alone says of an output. */
export const reasonsAgainst = (input: Bundle, output: Bundle): Promise<readonly string[]> =>
  check.check({ input, output, signal: new AbortController().signal });

/** Files of a bundle that lie in memory. */
export function filesIn(files: ReadonlyMap<string, Uint8Array>): Bundle['files'] {
  const bytes = async (name: string): Promise<Uint8Array> => {
    const held = files.get(name);
    if (held === undefined) throw new RangeError(`there is no file ${name}`);
    return held;
  };
  return {
    names: () => [...files.keys()],
    size: (name) => files.get(name)?.length,
    cid: () => undefined,
    bytes,
    text: async (name) => new TextDecoder().decode(await bytes(name)),
  };
}
