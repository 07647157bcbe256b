import type { WorkEvent } from '@canswarm/agent';
import { HireError } from '@canswarm/agent';
import { network, type OpenNetwork } from 'canswarm';
import type { Report, Suite } from '../suite.ts';
import agent from './misbehaving.ts';

const CREDIT = 1_000_000;
const BUDGET = 1;
/** What of a budget the seats of one choice may cost, at most. */
const SEATS_PART = 1 / 3;

interface Case {
  readonly skill: keyof typeof agent.skills;
  /** What the requester is told; null: the work is done in the end. */
  readonly told: RegExp | null;
  /** Slow ones are run in full only. */
  readonly slow: boolean;
}

const CASES: readonly Case[] = [
  { skill: 'throws', told: /threw: the cat sat on the keyboard/, slow: false },
  { skill: 'wrong-shape', told: /does not fit the schema of "wrong-shape"/, slow: false },
  { skill: 'circular', told: /no JSON: \/self contains itself/, slow: false },
  { skill: 'huge', told: /does not fit the schema of "huge"/, slow: false },
  { skill: 'breaks-check', told: /misbehaving: .*seats would fail the output/, slow: false },
  { skill: 'exits', told: /died/, slow: false },
  { skill: 'busy', told: null, slow: true },
  { skill: 'hangs', told: /the need ended without a result/, slow: true },
];

async function story(work: AsyncIterable<WorkEvent>): Promise<readonly WorkEvent[]> {
  const events: WorkEvent[] = [];
  for await (const event of work) events.push(event);
  return events;
}

const kinds = (events: readonly WorkEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'entry' ? event.events.map(({ type }) => type) : []));

const lossOf = (events: readonly WorkEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.type === 'entry' ? event.events.flatMap((one) => (one.type === 'lease_lost' ? [one.reason] : [])) : [],
  );

async function misbehave(net: OpenNetwork, { skill, told }: Case, report: Report): Promise<void> {
  const work = await net.hire(agent.skills[skill], {}, { budget: BUDGET });
  const result = work.result().then(
    () => null,
    (error: unknown) => error,
  );
  const [events, error] = await Promise.all([story(work), result]);
  // A heartbeat that was lost would have let the seats release the lease.
  report.check(`${skill}: no heartbeat is lost`, !lossOf(events).includes('released'), lossOf(events).join());
  if (told === null) {
    report.check(
      `${skill}: it is done all the same`,
      error === null && kinds(events).includes('finalized'),
      String(error),
    );
    return;
  }
  const said = error instanceof HireError ? `${error.code}: ${error.message}` : String(error);
  report.check(`${skill}: the requester is told`, said.startsWith('not_done') && told.test(said), said);
  report.check(`${skill}: the agent loses its bond, or half`, kinds(events).includes('lease_lost'));
  report.check(`${skill}: nothing is committed`, !kinds(events).includes('committed'));
}

/** Skills that go wrong: a clear outcome for whoever hired, the refund that is due, and nodes that go on. */
export const misbehaviour: Suite = {
  name: 'misbehaviour',
  async run(size, report) {
    const file = new URL('./misbehaving.ts', import.meta.url);
    const honest = new URL('../../../bench/agents/noop-agent.ts', import.meta.url);
    const net = await network({ agents: [file, honest] });
    try {
      const chosen = CASES.filter(({ slow }) => size === 'full' || !slow);
      const before = net.balance('requester');
      await Promise.all(chosen.map((one) => misbehave(net, one, report)));
      const spent = (before - net.balance('requester')) / CREDIT;
      const undone = chosen.filter(({ told }) => told !== null).length;
      const most = BUDGET * (undone * SEATS_PART + chosen.length - undone);
      report.check(
        'what was not spent comes back',
        spent <= most,
        `${spent} credits are gone, at most ${most} are due`,
      );
      report.metric('creditsSpent', spent);
      const noop = await net.hire('noop', {}, { budget: BUDGET });
      report.check('afterwards: the nodes work as before', JSON.stringify(await noop.result()) === '{}');
      report.metric('cases', chosen.length);
    } finally {
      await net.close();
    }
  },
};
