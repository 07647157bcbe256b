import type { NeedEvent, NeedStanding } from '@canswarm/api';
import type { BriefEvent, NodeClient } from 'canswarm';
import { watch } from '../brief/watch.ts';
import type { Io } from '../io.ts';

/** How a need ended, or stood when it was last heard of. */
export interface NeedEnd extends NeedStanding {
  readonly needId: string;
}

/** Tells a need's story until its last seat is paid or the user interrupts; null when nothing was heard. Rejects with an ApiError. */
export async function followNeed(io: Io, client: NodeClient, id: string): Promise<NeedEnd | null> {
  const screen = watch(io, false);
  let needId = id;
  let standing: NeedStanding | null = null;
  let lost: unknown = null;
  try {
    for await (const event of client.needEvents({ id }, { signal: io.signal })) {
      if (event.type === 'record') needId = event.data.record.id;
      standing = standingAfter(event) ?? standing;
      const told = briefEventOf(event);
      if (told !== null) screen.see(told);
    }
  } catch (error) {
    if (!io.signal.aborted) lost = error;
  }
  screen.end();
  if (lost !== null) throw lost;
  if (standing === null) return null;
  const { stage, reason, worker, settledAt } = standing;
  return { needId, stage, reason, worker, settledAt };
}

/** Where an event of a need's stream leaves the need; null for one that says nothing of it. */
function standingAfter(event: NeedEvent): NeedStanding | null {
  switch (event.type) {
    case 'record':
      return event.data.record;
    case 'entry':
      return event.data.after;
    case 'end':
      return event.data;
    case 'progress':
    case 'gap':
      return null;
  }
}

/** What the screen shows of it. Over the API ids and events are plain JSON; node and command are of one version. */
function briefEventOf({ type, data }: NeedEvent): BriefEvent | null {
  if (type === 'progress') return { type, ...data };
  if (type === 'entry') return { type, ...data } as unknown as BriefEvent;
  if (type !== 'record') return null;
  const { record, escrow, people } = data;
  return { type: 'posted', needId: record.id, escrow, people } as unknown as BriefEvent;
}
