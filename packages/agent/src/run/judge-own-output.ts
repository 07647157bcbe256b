import { SandboxError } from '@canswarm/ports';
import type { ArtifactRef } from '@canswarm/protocol';
import type { AgentTerms } from '../acceptance/agent-acceptance.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { readBundle } from '../bundle/read-bundle.ts';
import { type JudgingTools, judgeByPins } from '../checks/judge-by-pins.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';

/** What a worker made and is about to commit. */
export interface OwnWork {
  readonly terms: AgentTerms;
  readonly input: Bundle;
  readonly output: ArtifactRef;
  readonly fetch: FetchBlock;
  readonly signal: AbortSignal;
  /** What is left of the time for the work, ms. */
  readonly leftMs: () => number;
}

const isPinned = ({ checks, module }: AgentTerms): boolean => checks.length > 0 || module !== null;

/** Throws when the need pins a check that this worker does not know: it could not say what seats will. */
export function requireKnownChecks({ checks }: AgentTerms, tools: JudgingTools): void {
  const unknown = checks.find((name) => tools.checks.get(name) === undefined);
  if (unknown !== undefined)
    throw new Error(`the need asks for the check "${unknown}", which this worker does not know`);
}

/**
 * Judges an output by the checks and the module of its need, as seats will, within the time that is left. Rejects with the reasons for
 * one that seats would fail or find undecidable: it is not to be committed. Does nothing where the need pins neither.
 */
export async function judgeOwnOutput(work: OwnWork, tools: JudgingTools): Promise<void> {
  const { terms, input, fetch, signal, leftMs } = work;
  if (!isPinned(terms)) return;
  const output = await readBundle(work.output, fetch);
  const found = await judgeByPins({ terms, input, output, fetch, signal, callMs: leftMs }, tools).catch(inTime);
  signal.throwIfAborted();
  if ('cannotTell' in found) throw new Error(`seats could not judge the output: ${found.cannotTell}`);
  if (found.reasons.length > 0) throw new Error(`seats would fail the output: ${found.reasons.join('; ')}`);
}

function inTime(error: unknown): never {
  if (!(error instanceof SandboxError) || error.code !== 'deadline') throw error;
  throw new Error('the pinned module does not judge the output in the time that is left', { cause: error });
}
