import { type NeedId, type PatchTask, taskNeedId } from '@canswarm/protocol';
import type { KernelEvent } from '../../../../src/events.ts';
import { sha256 } from '../../../support/keys.ts';
import { ofType, type Property, type Seen, type Step } from '../step.ts';

/** What of a task a plan says, as text: two replicas are compared by it. */
type Told = readonly string[];

/** What a fact makes of its task. */
const STATUS: Readonly<Record<string, string>> = { task_started: 'open', task_done: 'done', task_failed: 'failed' };

const tell = (
  need: string,
  { task, part, goal, after, price }: Omit<PatchTask, 'assignee' | 'acceptance'>,
  status: string,
) => JSON.stringify([task, need, part, goal, after, price, status]);

/** What the winning bid of an adoption said. */
const patchOf = ({ entry }: Seen, bid: string): readonly PatchTask[] => {
  const payload = entry.evidence.envelopes.find(({ id }) => id === bid)?.payload;
  return payload?.verb === 'PROPOSE' ? payload.body.patch : [];
};

type Fact = Extract<KernelEvent, { type: 'plan_adopted' | 'task_started' | 'task_done' | 'task_failed' }>;

const isFact = (event: KernelEvent): event is Fact => event.type === 'plan_adopted' || event.type in STATUS;

/** Facts about the plan of a need that an entry told, the newest first. */
const factsOf = ({ applied }: Seen, root: NeedId): readonly Fact[] =>
  applied.events
    .filter(isFact)
    .filter((fact) => (fact.type === 'plan_adopted' ? fact.need : fact.root) === root)
    .toReversed();

/**
 * The plan of a need as a replica has it that hears the newest facts first: the last one adopted, with what was done under those before.
 * Of a task's facts the newest counts.
 */
function replica(trace: readonly Seen[], root: NeedId): Told {
  const told: string[] = [];
  const status = new Map<string, string>();
  const doneBefore = new Set<string>();
  let isLast = true;
  for (const seen of trace.toReversed()) {
    for (const fact of factsOf(seen, root)) {
      if (fact.type !== 'plan_adopted') {
        if (isLast && !status.has(fact.task)) status.set(fact.task, STATUS[fact.type] ?? '');
        if (!isLast && fact.type === 'task_done') doneBefore.add(fact.task);
        continue;
      }
      const { round } = seen.entry.envelope.payload.body as { readonly round: number };
      for (const task of patchOf(seen, fact.bid)) {
        if (!isLast && !doneBefore.has(task.task)) continue;
        const need = task.task === 'main' ? root : taskNeedId(root, round, task.task, sha256);
        told.push(tell(need, task, isLast ? (status.get(task.task) ?? 'waiting') : 'done'));
      }
      doneBefore.clear();
      isLast = false;
    }
  }
  return told.sort();
}

function* replicas({ applied, state, trace }: Step): Iterable<string> {
  const roots = new Set<NeedId>([
    ...ofType(applied.events, 'plan_adopted').map(({ need }) => need),
    ...applied.events.flatMap((event) => ('root' in event ? [event.root] : [])),
  ]);
  for (const root of roots) {
    const plan = state.needs.get(root)?.plan ?? null;
    if (plan === null) continue;
    const held = plan.tasks.map(({ need, status, ...task }) => tell(need, task, status)).sort();
    const due = replica(trace, root);
    if (JSON.stringify(held) !== JSON.stringify(due))
      yield `${root} has the plan ${held.join(' ')}, its facts say ${due.join(' ')}`;
  }
}

export default {
  id: 'P16',
  holds: 'a replica that hears of a plan in another order, the newest facts first, has the same plan',
  needsModel: false,
  check: replicas,
} satisfies Property;
