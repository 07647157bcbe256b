import type { Need } from '@canswarm/kernel';
import type { ContentStore, EvaluateJob, TaskInput } from '@canswarm/ports';
import { asNeedId, BLOCK_BYTES_MAX, parseAcceptance, parseExample } from '@canswarm/protocol';

/** How long one block of an example may take, ms. */
const BLOCK_MS = 5_000;

/**
 * The job that judges the example of a need's acceptance, as if it were a result; null when there is none. `unfit` says why it is no
 * example of this need. Rejects with a ContentError where blocks cannot be had.
 */
export async function exampleOf(
  { id, body }: Need,
  engine: string,
  terms: Pick<TaskInput, 'price' | 'timeMs'>,
  content: Pick<ContentStore, 'get'>,
): Promise<EvaluateJob | { readonly unfit: string } | null> {
  const limits = { deadlineMs: BLOCK_MS, maxBytes: BLOCK_BYTES_MAX };
  const parsed = parseAcceptance(await content.get(body.acceptance, limits));
  if (!parsed.ok) return { unfit: `the acceptance is none: ${parsed.code}` };
  const { example: named, checker, tier } = parsed.acceptance;
  if (tier !== body.tier) return { unfit: `the acceptance is of tier ${tier}, the need says ${body.tier}` };
  if (named === null) return null;
  const read = parseExample(await content.get(named, limits));
  if (!read.ok) return { unfit: `the example is none: ${read.code}` };
  const { input, output, acceptance } = read.example;
  const own = parseAcceptance(await content.get(acceptance, limits));
  if (!own.ok || own.acceptance.checker !== checker) return { unfit: 'the example is of another checker' };
  const task = {
    need: asNeedId(named),
    skill: body.skill,
    goal: null,
    inputs: [input],
    acceptance,
    attempt: 1,
    ...terms,
  };
  return { action: 'evaluate', skill: body.skill, engine, task, commit: id, outputs: [output] };
}
