import {
  buildTerms,
  FILES_BYTES_MAX,
  HireError,
  publishBundle,
  type WorkPart,
  type WorkRequest,
} from '@canswarm/agent';
import { type State, seatFeeMax, seatsEscrowed } from '@canswarm/kernel';
import type { NeedDraft } from '@canswarm/node';
import type { ContentStore, SkillRunner } from '@canswarm/ports';
import { type ArtifactRef, asNeedId, type Cid, cidOf, encodeExample, type Sha256 } from '@canswarm/protocol';
import { windowsFor } from '../brief/windows.ts';
import { CHECK_ENGINE } from '../skills/index.ts';

/** The class of needs for work of agents: what its reputation is earned in. */
export const WORK_CLASS = 'agent';

/** What preparing work needs. */
export interface WorkGround {
  readonly state: State;
  readonly content: ContentStore;
  readonly sha256: Sha256;
  /** Runs the example before anybody else has to. */
  readonly runner: SkillRunner;
}

/** How long an example may take before it is posted, ms. */
const EXAMPLE_MS = 60_000;
/**
 * How long a worker holds the task between renewals, ms. Without progress it may renew a few times, so work of unknown length has
 * three times as long; a worker that is gone is noticed by its heartbeats, long before.
 */
const LEASE_MS = 30_000;
/** How much longer bidding is open where planners may divide the work, ms. */
const PLANNING_MS = 6_000;
/** Attempts that a deadline leaves time for. */
const ATTEMPTS = 5;
/** What part of a budget the seats get: they are paid alike, the worker at most the rest. */
const SEATS_PART = 3;

/**
 * Publishes the input, the terms and the example of work and gives the body of its NEED. Rejects with a HireError `invalid_terms`
 * when the budget is too small or the example does not pass: nothing is posted then.
 */
export async function prepareWork(request: WorkRequest, ground: WorkGround): Promise<NeedDraft> {
  const { state, content, sha256 } = ground;
  const seats = seatsEscrowed(state, request.plan);
  const most = seatFeeMax(state.params, { class: WORK_CLASS });
  const seatFee = Math.min(most, Math.floor(request.budget / SEATS_PART / seats));
  const priceCap = request.budget - seatFee * seats;
  if (seatFee < 1) {
    const hint = `At least ${SEATS_PART * seats} micro-credits: a third of a budget is for ${seats} seats.`;
    throw new HireError('invalid_terms', 'the budget is too small to pay the seats that judge', hint);
  }
  const { auction, sealedCap, reputationBps, policy } = request;
  if (sealedCap !== null && sealedCap > priceCap) {
    const hint = `The budget leaves ${priceCap} micro-credits for the work: seal that or less, or give more.`;
    throw new HireError('invalid_terms', 'the sealed cap is above what the budget leaves for the work', hint);
  }
  const input = await publishBundle(content, { value: request.input, files: request.files, citations: [] }, sha256);
  if (policy !== null) await content.putBlocks(policy.blocks);
  const { acceptance, tier } = await publishTerms(request, ground);
  const bytes = [...request.files.values()].reduce((sum, file) => sum + file.length, 0);
  const tasks = request.plan?.tasks ?? 1;
  const usual = windowsFor(Math.min(bytes, FILES_BYTES_MAX), state.params, {
    tasks,
    hasPolicy: policy !== null,
  });
  // Planners read the input and think before they bid.
  const bidMs = usual.windows.bidMs + (request.plan === null ? 0 : PLANNING_MS);
  const { answerMs } = usual.windows;
  const least = bidMs + answerMs + usual.windows.leaseMs;
  const leaseMs = Math.max(usual.windows.leaseMs, LEASE_MS);
  const whole = usual.deadlineMs + ATTEMPTS * (leaseMs - usual.windows.leaseMs);
  const deadlineMs = request.deadlineMs ?? whole * tasks;
  if (deadlineMs < least) {
    const hint = `Bidding, answering and one lease take ${Math.ceil(least / 1000)} s here; give at least that.`;
    throw new HireError('invalid_terms', `a deadline of ${deadlineMs} ms is too short`, hint);
  }
  return {
    skill: request.skill,
    goal: request.goal,
    inputs: [input],
    acceptance,
    tier,
    trial: null,
    priceCap,
    seatFee,
    scoring: { priceBps: 8_000 - reputationBps, etaBps: 2_000, reputationBps },
    class: WORK_CLASS,
    plan: await publishPlan(request, ground),
    auction,
    capSeal: null,
    ...(policy === null ? {} : { policy: policy.capsule }),
    windows: { ...usual.windows, bidMs, leaseMs: Math.min(leaseMs, deadlineMs - bidMs - answerMs) },
    deadlineMs,
  };
}

/** What a plan may be made of, with terms and examples published. */
async function publishPlan({ plan }: WorkRequest, ground: WorkGround): Promise<NeedDraft['plan']> {
  if (plan === null) return null;
  const parts: NonNullable<NeedDraft['plan']>['parts'][number][] = [];
  for (const part of plan.parts) parts.push({ skill: part.skill, ...(await publishTerms(part, ground)) });
  return { tasks: plan.tasks, parts };
}

async function publishTerms(request: WorkPart, ground: WorkGround): Promise<Pick<NeedDraft, 'acceptance' | 'tier'>> {
  const { content, sha256 } = ground;
  const { skill, inputSchema, outputSchema, verification } = request;
  const { checks, module } = verification;
  const draft = { skill, inputSchema, outputSchema, checks, module };
  const example = await publishExample(request, ground);
  const terms = buildTerms({ ...draft, example }, sha256);
  await content.putBlocks(terms.blocks);
  return { acceptance: terms.cid, tier: terms.tier };
}

/** The example's record, once it has passed under its own terms. */
async function publishExample(request: WorkPart, ground: WorkGround): Promise<Cid | null> {
  const { content, sha256 } = ground;
  const { skill, inputSchema, outputSchema, verification } = request;
  const { checks, module, example } = verification;
  if (example === null) return null;
  const terms = buildTerms({ skill, inputSchema, outputSchema, checks, module, example: null }, sha256);
  const none = { citations: [] } as const;
  const input = await publishBundle(content, { value: example.input, files: example.files, ...none }, sha256);
  const output = await publishBundle(content, { value: example.output, files: example.outputFiles, ...none }, sha256);
  const record = encodeExample({ v: 1, kind: 'example', input, output, acceptance: terms.cid });
  const cid = cidOf(record, 'dag-cbor', sha256);
  await content.putBlocks([...terms.blocks, { cid, bytes: record }]);
  await rehearse(skill, { input, output, acceptance: terms.cid, record: cid }, ground);
  return cid;
}

interface Rehearsed {
  readonly input: ArtifactRef;
  readonly output: ArtifactRef;
  readonly acceptance: Cid;
  readonly record: Cid;
}

async function rehearse(
  skill: string,
  { input, output, acceptance, record }: Rehearsed,
  { runner }: WorkGround,
): Promise<void> {
  const need = asNeedId(record);
  const task = { need, skill, goal: null, inputs: [input], acceptance, attempt: 1, price: 0, timeMs: EXAMPLE_MS };
  const job = { action: 'evaluate', skill, engine: CHECK_ENGINE, task, commit: record, outputs: [output] } as const;
  const options = { signal: AbortSignal.timeout(EXAMPLE_MS), deadlineMs: EXAMPLE_MS };
  const result = await runner.run(job, options).catch((cause: unknown) => {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new HireError('invalid_terms', `the example cannot be judged: ${what}`, 'Mend the example or the module.', {
      cause,
    });
  });
  if (result.action === 'evaluate' && result.verdict === 'pass') return;
  const why = result.action === 'evaluate' ? `${result.verdict}: ${result.reasons.join('; ')}` : 'no verdict';
  const hint = 'Seats would not let anybody be hired for this. Mend the example, the checks or the module.';
  throw new HireError('invalid_terms', `the example does not pass (${why})`, hint);
}
