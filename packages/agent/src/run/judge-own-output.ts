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
 * Judges an output by the checks and the module of its need, as seats will; each call of the module gets half of the time that is left then. Rejects with the reasons
 * for one that seats would fail: it is not to be committed. Gives why the output cannot be judged here, which is the fault of who
 * pinned the module and no reason to give work back; null for one that passes, and where the need pins neither.
 */
export async function judgeOwnOutput(work: OwnWork, tools: JudgingTools): Promise<string | null> {
  const { terms, input, fetch, signal, leftMs } = work;
  if (!isPinned(terms)) return null;
  const output = await readBundle(work.output, fetch);
  const callMs = (): number => leftMs() / 2;
  const found = await judgeByPins({ terms, input, output, fetch, signal, callMs }, tools).catch(inTime);
  signal.throwIfAborted();
  if ('cannotTell' in found) return found.cannotTell;
  if (found.reasons.length > 0) throw new Error(`seats would fail the output: ${found.reasons.join('; ')}`);
  return null;
}

function inTime(error: unknown): { readonly cannotTell: string } {
  if (!(error instanceof SandboxError) || error.code !== 'deadline') throw error;
  return { cannotTell: 'the pinned module takes too long on this machine' };
}
