import type { KernelEvent, State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import { MAIN_TASK, type NeedId, type PatchTask, type Sha256, taskNeedId } from '@canswarm/protocol';
import type { Checker, Fault } from './checker.ts';

type Status = 'waiting' | 'open' | 'done' | 'failed';
/** A plan by the names of its tasks. */
type Replica = Map<string, { readonly said: string; readonly status: Status }>;

const STATUS = { task_started: 'open', task_done: 'done', task_failed: 'failed' } as const;

/** What of a task replicas agree on besides how far it is, as text. */
const text = (
  { part, goal, after, price }: Pick<PatchTask, 'part' | 'goal' | 'after' | 'price'>,
  need: NeedId,
): string => JSON.stringify([need, part, goal, after, price]);

const told = (tasks: Iterable<readonly [string, { readonly said: string; readonly status: string }]>): string =>
  [...tasks]
    .map(([task, { said, status }]) => `${task} ${status} ${said}`)
    .sort()
    .join('\n');

/** P16: every node has the plan that one who only reads the log makes of adoptions and what became of tasks. */
export function plans(fault: Fault, sha256: Sha256): Checker {
  const replicas = new Map<NeedId, Replica>();
  /** What a plan is from a position on, the latest last. */
  const said = new Map<NeedId, { readonly from: number; readonly plan: string }[]>();
  const changedAt = new Map<number, ReadonlySet<NeedId>>();
  /** What changed at a node since it was looked at: it tells of entries only once it has applied all that came with them. */
  const changedOf = new Map<string, Set<NeedId>>();

  const adopt = ({ entry }: AppliedEntry, root: NeedId, bid: string): void => {
    const { verb, body } = entry.envelope.payload;
    const chosen = entry.evidence.envelopes.find(({ id }) => id === bid)?.payload;
    if (verb !== 'DECIDE' || chosen?.verb !== 'PROPOSE') return fault('P16', `${root} has a plan that no bid said`);
    const replica: Replica = new Map([...(replicas.get(root) ?? [])].filter(([, { status }]) => status === 'done'));
    for (const task of chosen.body.patch) {
      const need = task.task === MAIN_TASK ? root : taskNeedId(root, body.round, task.task, sha256);
      replica.set(task.task, { said: text(task, need), status: 'waiting' });
    }
    replicas.set(root, replica);
  };

  const onEvent = (applied: AppliedEntry, event: KernelEvent, changed: Set<NeedId>): void => {
    if (event.type === 'plan_adopted') {
      adopt(applied, event.need, event.bid);
      changed.add(event.need);
    } else if (event.type === 'task_started' || event.type === 'task_done' || event.type === 'task_failed') {
      const replica = replicas.get(event.root);
      const task = replica?.get(event.task);
      if (task === undefined) return fault('P16', `${event.task} is no task of the plan of ${event.root}`);
      replica?.set(event.task, { ...task, status: STATUS[event.type] });
      changed.add(event.root);
    }
  };

  return {
    properties: ['P16'],
    onEntry(applied) {
      const changed = new Set<NeedId>();
      for (const event of applied.events) onEvent(applied, event, changed);
      if (changed.size === 0) return;
      changedAt.set(applied.position, changed);
      for (const root of changed) {
        const row = { from: applied.position, plan: told(replicas.get(root) ?? []) };
        said.set(root, [...(said.get(root) ?? []), row]);
      }
    },
    onNode({ position }, state: State, name) {
      const changed = changedOf.get(name) ?? new Set();
      changedOf.set(name, changed);
      for (const root of changedAt.get(position) ?? []) changed.add(root);
      if (state.position !== position) return;
      for (const root of changed) {
        const plan = state.needs.get(root)?.plan ?? null;
        const due = said.get(root)?.findLast(({ from }) => from <= position);
        if (plan === null || due === undefined) continue;
        const held = told(
          plan.tasks.map((task) => [task.task, { said: text(task, task.need), status: task.status }] as const),
        );
        if (held !== due.plan)
          fault('P16', `position ${position}: ${name} has of ${root} the plan ${held}, not ${due.plan}`);
      }
      changed.clear();
    },
  };
}
