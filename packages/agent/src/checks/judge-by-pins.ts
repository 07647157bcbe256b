import { SANDBOX_SOURCE_BYTES_MAX, type Sandbox } from '@canswarm/ports';
import { type FileRef, fromUtf8 } from '@canswarm/protocol';
import type { AgentTerms } from '../acceptance/agent-acceptance.ts';
import type { Bundle } from '../bundle/bundle.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';
import { readFile } from '../reading/read-file.ts';
import type { CertificateChecks } from './certificates.ts';
import { judgeByModule, MODULE_MS_MAX, type ModuleFinding } from './run-module.ts';

/** What results are judged with besides the terms of the need. */
export interface JudgingTools {
  readonly checks: CertificateChecks;
  readonly sandbox: Sandbox;
}

/** Work as the pins of its need judge it. */
export interface PinnedWork {
  readonly terms: Pick<AgentTerms, 'checks' | 'module'>;
  readonly input: Bundle;
  readonly output: Bundle;
  readonly fetch: FetchBlock;
  readonly signal: AbortSignal;
  /** Most that one call of the module may take, ms, asked before each; never more than seats give it. */
  readonly callMs?: () => number;
}

/**
 * Judges work by the certificate checks and the module that its need pins (`spec/12-agents.md`, judging 6 and 7), for seats and for
 * workers alike. Rejects where blocks cannot be had, and where this machine does not bring the module to an end in time.
 */
export async function judgeByPins(
  { terms, input, output, fetch, signal, callMs = () => MODULE_MS_MAX }: PinnedWork,
  { checks, sandbox }: JudgingTools,
): Promise<ModuleFinding> {
  for (const name of terms.checks) {
    const check = checks.get(name);
    if (check === undefined) return { cannotTell: `this seat knows no check "${name}"` };
    const reasons = await check.check({ input, output, signal });
    if (reasons.length > 0) return { reasons: reasons.map((reason) => `${name}: ${reason}`) };
  }
  if (terms.module === null) return { reasons: [] };
  const source = await sourceOf(terms.module.source, fetch);
  if (typeof source !== 'string') return source;
  return judgeByModule(sandbox, terms.module, { input, output, source, callMs });
}

async function sourceOf(file: FileRef, fetch: FetchBlock): Promise<string | { readonly cannotTell: string }> {
  if (file.size > SANDBOX_SOURCE_BYTES_MAX)
    return { cannotTell: `the pinned module has more than ${SANDBOX_SOURCE_BYTES_MAX} bytes` };
  const text = fromUtf8(await readFile(file, fetch));
  return text ?? { cannotTell: 'the pinned module is no text' };
}
