import type { Progress, ResultInput, SkillContext, TaskInput } from '@canswarm/ports';
import { type ArtifactRef, asNeedId, cidOf, utf8 } from '@canswarm/protocol';
import { type BriefParams, briefParams, publishAcceptance, SKILL } from '../../src/acceptance.ts';
import { publishCorpus } from '../../src/corpus/publish-corpus.ts';
import type { FolderDocument } from '../../src/corpus/scan-folder.ts';
import { type TestContent, testContent } from './content.ts';
import { sha256 } from './sha256.ts';

/** A need over some documents, published in a store of its own. */
export interface TestNeed {
  readonly content: TestContent;
  readonly task: TaskInput;
  readonly context: SkillContext;
  readonly progress: Progress[];
  readonly abort: AbortController;
}

export async function testNeed(
  documents: readonly FolderDocument[],
  asked: Pick<BriefParams, 'question'> & Partial<BriefParams>,
): Promise<TestNeed> {
  const content = testContent();
  const abort = new AbortController();
  const progress: Progress[] = [];
  const context: SkillContext = {
    content,
    signal: abort.signal,
    progress: (step) => progress.push(step),
    log: () => undefined,
    sha256,
    now: () => 0,
  };
  const input = await publishCorpus(content, documents, sha256);
  const acceptance = await publishAcceptance(content, briefParams(asked), sha256);
  const need = asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256));
  const task = {
    need,
    skill: SKILL,
    goal: asked.question,
    inputs: [input],
    acceptance,
    attempt: 1,
    price: 1,
    timeMs: 60_000,
  };
  return { content, task, context, progress, abort };
}

export function resultOf(task: TaskInput, ...outputs: readonly ArtifactRef[]): ResultInput {
  return { task, commit: cidOf(utf8('commit'), 'dag-cbor', sha256), outputs };
}

export const textDocument = (path: string, text: string): FolderDocument => ({ path, bytes: utf8(text) });
