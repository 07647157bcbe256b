import { hireOn } from '@canswarm/agent';
import type { KernelEvent } from '@canswarm/kernel';
import { ApiDesk, bundledOffer, type NodeClient } from 'canswarm';
import type { WorkCase } from './work-case.ts';

const BUDGET = 6;
const END_MS = 600_000;

/** How a need ended, and what happened on the way. */
export interface Ended {
  readonly id: string;
  readonly stage: string;
  /** Why there is no result; what holders and seats gave as reasons. */
  readonly reasons: readonly string[];
  /** Whether the last seat is paid and the escrow empty. */
  readonly settled: boolean;
  readonly events: readonly KernelEvent[];
  /** The output's value as JSON; empty when there is none. */
  readonly json: string;
}

/** Hires for a case as the command does, and follows the need until its money is settled. */
export async function hired(client: NodeClient, { skill, input, files }: WorkCase): Promise<Ended> {
  const desk = new ApiDesk(client, bundledOffer);
  const work = await hireOn(desk, skill, input, { budget: BUDGET, files });
  const ended = await endOf(client, work.id);
  if (ended.stage !== 'final') return ended;
  return { ...ended, json: JSON.stringify(await work.result()) };
}

/** Follows a need to its end. Rejects when that takes too long. */
export async function endOf(client: NodeClient, id: string): Promise<Ended> {
  const events: KernelEvent[] = [];
  const reasons: string[] = [];
  let standing = { stage: 'open', reason: null as string | null, settledAt: null as number | null };
  for await (const { type, data } of client.needEvents({ id }, { signal: AbortSignal.timeout(END_MS) })) {
    if (type === 'record') standing = data.record;
    else if (type === 'end') standing = data;
    else if (type === 'entry') {
      standing = data.after;
      reasons.push(...data.reasons);
      if (data.accepted) events.push(...(data.events as unknown as readonly KernelEvent[]));
    }
  }
  const { stage, reason, settledAt } = standing;
  if (reason !== null) reasons.push(reason);
  return { id, stage, reasons, settled: settledAt !== null, events, json: '' };
}

/** Runs tasks, so many at once, in their order. Rejects as the first that does. */
export async function atOnce(most: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = tasks.values();
  const worker = async (): Promise<void> => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: most }, worker));
}
