import type { NeedEvent, NeedRecord, NeedStanding } from '@canswarm/api';
import type { NodeClient } from 'canswarm';
import { CliFailure } from '../failure.ts';
import type { Io } from '../io.ts';
import { hostFailure } from '../network/host-failure.ts';
import { jsonLine } from '../text.ts';
import { type Advice, adviceOf } from './advice.ts';
import { Names } from './names.ts';
import type { Folding } from './scene.ts';
import { type SeenOutlook, seenOutlook, type ViewEvent } from './view-event.ts';
import { type Watch, watch } from './watch.ts';

/** How a need ended, or stood when it was last heard of. */
export interface NeedEnd extends NeedStanding {
  readonly needId: string;
}

/** The end of following a need, and why it has no result where it has none. */
export interface Followed {
  readonly end: NeedEnd;
  readonly hindrances: SeenOutlook['hindrances'];
  readonly advice: readonly Advice[];
}

export interface FollowOptions {
  readonly client: NodeClient;
  readonly folding: Folding;
  readonly id: string;
  /** Whether events go to standard output, one JSON line each, in place of what people see. */
  readonly asEvents?: boolean;
}

/** How often what is only heard is asked for, ms. */
const LOOK_MS = 500;

/** Tells a need's story until its last seat is paid or the user interrupts; null when nothing was heard. Rejects with an ApiError or a CliFailure. */
export async function followNeed(io: Io, options: FollowOptions): Promise<Followed | null> {
  const { client, folding, id, asEvents = false } = options;
  // Who looks first has the node ask its peers what their agents are called. That it fails is said by the story.
  await client.needOutlook({ id }, { signal: io.signal }).catch(() => null);
  const screen = watch(io, folding, asEvents);
  const names = new Names();
  const looks = screen.live ? new Looks(client, id, screen) : null;
  let needId = id;
  let standing: NeedStanding | null = null;
  try {
    for await (const event of client.needEvents({ id }, { signal: io.signal })) {
      if (asEvents) io.out.write(`${jsonLine(event)}\n`);
      if (event.type === 'record') {
        needId = event.data.record.id;
        looks?.learn(event.data.record);
      }
      standing = standingAfter(event) ?? standing;
      for (const told of viewEventsOf(event)) {
        names.learn(told);
        screen.see(told);
      }
    }
  } catch (error) {
    if (!io.signal.aborted) throw goesOn(error, needId);
  } finally {
    looks?.stop();
    screen.end();
  }
  if (standing === null) return null;
  const { stage, reason, worker, settledAt } = standing;
  const end = { needId, stage, reason, worker, settledAt };
  if (stage === 'final' || io.signal.aborted) return { end, hindrances: [], advice: [] };
  const outlook = seenOutlook(await client.needOutlook({ id: needId }));
  names.learn({ type: 'outlook', outlook });
  const { hindrances } = outlook;
  return { end, hindrances, advice: hindrances.map((one) => adviceOf(one, names)) };
}

/** A node that ends takes nobody's need with it: says so, and how to look at it again. */
function goesOn(error: unknown, id: string): unknown {
  const failure = hostFailure(error);
  if (failure?.code !== 'node_not_running') return error;
  const { exit, code, message, means } = failure;
  return new CliFailure(exit, code, message, means, `The need goes on meanwhile: canswarm need watch ${id}`);
}

/** Shows what the node hears of a need, until it is stopped. */
class Looks {
  readonly #client: NodeClient;
  readonly #id: string;
  readonly #screen: Watch;
  readonly #timer: NodeJS.Timeout;
  #divided = false;
  #asking = false;
  #stopped = false;

  constructor(client: NodeClient, id: string, screen: Watch) {
    [this.#client, this.#id, this.#screen] = [client, id, screen];
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
    void this.#look();
  }

  /** From now on asks for its tasks too, where it may have any. */
  learn({ body }: NeedRecord): void {
    this.#divided = body.plan !== null;
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    // What is heard is shown beside the story: a look that fails is made again, and the story says what is wrong.
    const outlook = await this.#client.needOutlook({ id: this.#id }).catch(() => null);
    // The stories of its tasks are not followed: how they stand is asked for.
    const record = this.#divided ? await this.#client.getNeed({ id: this.#id }).catch(() => null) : null;
    this.#asking = false;
    if (this.#stopped) return;
    if (record !== null) this.#screen.see({ type: 'need', record });
    if (outlook !== null) this.#screen.see({ type: 'outlook', outlook: seenOutlook(outlook) });
  }
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
function viewEventsOf({ type, data }: NeedEvent): readonly ViewEvent[] {
  if (type === 'progress') return [{ type, ...data }];
  if (type === 'entry') return [{ type, ...data } as unknown as ViewEvent];
  if (type !== 'record') return [];
  const { record, escrow, people } = data;
  const posted = { type: 'posted', needId: record.id, escrow, people } as unknown as ViewEvent;
  return [{ type: 'need', record }, posted];
}
