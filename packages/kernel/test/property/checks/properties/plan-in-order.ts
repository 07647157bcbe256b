import type { PatchTask, ProposeBody } from '@canswarm/protocol';
import { everOf, ofType, type Property, type Seen, type Step } from '../step.ts';

/** What a bid said that was shown in an entry. */
function saidIn({ entry }: Pick<Seen, 'entry'>, bid: string): ProposeBody | undefined {
  const payload = entry.evidence.envelopes.find(({ id }) => id === bid)?.payload;
  return payload?.verb === 'PROPOSE' ? payload.body : undefined;
}

/** Whether who is to do a task said in what is shown that it would do just that. */
const isTaken = (step: Step, { acceptance, ...task }: PatchTask): boolean =>
  saidIn(step, acceptance ?? '')?.patch.some(
    ({ acceptance: _, ...own }) => JSON.stringify(own) === JSON.stringify(task),
  ) ?? false;

/** A task of a patch that comes after itself. */
const circular = ({ patch }: ProposeBody): boolean => {
  let left = patch.map(({ task, after }) => ({ task, after }));
  for (;;) {
    const stuck = left.filter(({ after }) => left.some(({ task }) => after.includes(task)));
    if (stuck.length === left.length) return left.length > 0;
    left = stuck;
  }
};

/** What is adopted builds on what was adopted before, and can be done. */
function* adopted(step: Step): Iterable<string> {
  for (const { need, bid, version } of ofType(step.applied.events, 'plan_adopted')) {
    const decided = everOf(step.trace, 'need_decided').filter((event) => event.need === need && event.winner !== null);
    const said = saidIn(step, bid);
    if (said === undefined) yield `${need} adopts ${bid}, which is not shown`;
    else if (said.base !== decided.length - 1)
      yield `${need} adopts a patch of version ${said.base} as its plan ${version}`;
    else if (said.patch.some((task) => task.acceptance !== null && !isTaken(step, task)))
      yield `${need} gives a task that nobody took`;
    else if (circular(said)) yield `${need} adopts a plan that goes round in circles`;
  }
}

/** Nobody gets a task before all that it comes after is final. */
function* begun({ applied, trace }: Step): Iterable<string> {
  for (const { need } of ofType(applied.events, 'lease_granted')) {
    const opened = everOf(trace, 'task_opened').find((event) => event.need === need);
    const root = opened?.root ?? need;
    const decided = trace.findLast((seen) =>
      ofType(seen.applied.events, 'need_decided').some((event) => event.need === root && event.winner !== null),
    );
    const plan = ofType(decided?.applied.events ?? [], 'plan_adopted')[0];
    const said = decided === undefined || plan === undefined ? undefined : saidIn(decided, plan.bid);
    const after = said?.patch.find(({ task }) => task === (opened?.task ?? 'main'))?.after ?? [];
    const done = everOf(trace, 'task_done').filter((event) => event.root === root);
    const finals = new Set(everOf(trace, 'finalized').map((event) => event.need));
    for (const name of after) {
      if (!done.some((event) => event.task === name && finals.has(event.need)))
        yield `${opened?.task ?? 'main'} of ${root} is leased before ${name} is final`;
    }
  }
}

export default {
  id: 'plan',
  holds:
    'a plan builds on the one before, has no circle, gives tasks to who took them, and each task begins when those before it are final',
  needsModel: false,
  *check(step) {
    yield* adopted(step);
    yield* begun(step);
  },
} satisfies Property;
