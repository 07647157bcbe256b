import type { ContentStore, EvaluateOutcome, JsonValue, ResultInput, SkillContext, TaskInput } from '@canswarm/ports';
import { type ArtifactRef, asNeedId, type Cid, type Citation, cidOf, utf8 } from '@canswarm/protocol';
import { buildTerms, type TermsDraft } from '../../src/acceptance/agent-acceptance.ts';
import { type BundleDraft, publishBundle } from '../../src/bundle/bundle.ts';
import { CertificateChecks } from '../../src/checks/certificates.ts';
import { evaluateByTerms } from '../../src/checks/evaluate.ts';
import type { JudgingTools } from '../../src/checks/judge-by-pins.ts';
import type { CertificateCheck } from '../../src/definition.ts';
import { testContent } from './content.ts';
import { sha256 } from './sha256.ts';
import { vmSandbox } from './vm-sandbox.ts';

export const bundleOf = (
  value: JsonValue,
  files: Readonly<Record<string, string>> = {},
  citations: readonly Citation[] = [],
): BundleDraft => ({
  value,
  files: new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])),
  citations,
});

/** Terms of a need that doubles a number. */
export const DOUBLE: TermsDraft = {
  skill: 'double',
  inputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  outputSchema: { type: 'object', properties: { twice: { type: 'integer', maximum: 1_000 } }, required: ['twice'] },
  checks: [],
  module: null,
  example: null,
};

/** A check that knows how to double. */
export const doubles: CertificateCheck = {
  name: 'double/1',
  check: async ({ input, output }) => {
    const { n } = input.value as { readonly n: number };
    const { twice } = output.value as { readonly twice: number };
    return twice === 2 * n ? [] : [`${twice} is not twice ${n}`];
  },
};

export const tools: JudgingTools = { checks: new CertificateChecks([doubles]), sandbox: vmSandbox() };

/** A need and whatever is published for it, in a store of its own. */
export class Work {
  readonly content: ContentStore = testContent();
  readonly context: SkillContext = {
    content: this.content,
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
    sha256,
    now: () => 0,
  };

  publish(draft: BundleDraft): Promise<ArtifactRef> {
    return publishBundle(this.content, draft, sha256);
  }

  async terms(draft: TermsDraft): Promise<Cid> {
    const { cid, blocks } = buildTerms(draft, sha256);
    await this.content.putBlocks(blocks);
    return cid;
  }

  task(acceptance: Cid, inputs: readonly ArtifactRef[], skill = 'double'): TaskInput {
    const need = asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256));
    return { need, skill, goal: null, inputs, acceptance, attempt: 1, price: 1, timeMs: 60_000 };
  }

  result(task: TaskInput, outputs: readonly ArtifactRef[]): ResultInput {
    return { task, commit: cidOf(utf8('commit'), 'dag-cbor', sha256), outputs };
  }

  /** What a seat says of a whole case. */
  async judge(
    draft: TermsDraft,
    input: BundleDraft,
    output: BundleDraft,
    judgeWith: JudgingTools = tools,
  ): Promise<EvaluateOutcome> {
    const [given, made] = [await this.publish(input), await this.publish(output)];
    const task = this.task(await this.terms(draft), [given]);
    return evaluateByTerms(this.result(task, [made]), this.context, judgeWith);
  }
}
