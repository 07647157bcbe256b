import type { AppliedEntry } from '@canswarm/node';
import { equalBytes, type Genesis, type NeedBody, plantMark, type Sha256 } from '@canswarm/protocol';
import type { Checker, Fault } from './checker.ts';

type Events = AppliedEntry['events'];
type OfType<Type extends Events[number]['type']> = Extract<Events[number], { readonly type: Type }>;

/** What the log says of a need, as far as it may be a plant. */
interface Row {
  readonly requester: string;
  readonly body: Pick<NeedBody, 'class' | 'mark'>;
  /** How its leases were lost, and by whom. */
  readonly lost: { readonly holder: string; readonly reason: string }[];
  openedBy: string | null;
  isRepaid: boolean;
  /** By the account that it was taken from: all that was burned of bonds, and seat fees. */
  readonly burned: Map<string, number>;
  readonly fees: Map<string, number>;
}

const BPS = 10_000;

const rowOf = (requester: string, { class: kind, mark }: Row['body']): Row => ({
  requester,
  body: { class: kind, mark },
  lost: [],
  openedBy: null,
  isRepaid: false,
  burned: new Map(),
  fees: new Map(),
});

/** What was taken from a need and from the bond of its worker. */
const sumOf = (taken: ReadonlyMap<string, number>, need: string, worker: string): number =>
  (taken.get(`escrow/${need}`) ?? 0) + (taken.get(`bond/work/${need}/${worker}`) ?? 0);

const bump = (counts: Map<string, number>, of: string): void => void counts.set(of, (counts.get(of) ?? 0) + 1);

/** P20: a plant was one before it was judged, and is repaid once, no more than it burned and than needs paid for it. */
export function repaidPlants(fault: Fault, { params }: Genesis, sha256: Sha256): Checker {
  const rows = new Map<string, Row>();
  /** Class of the tasks of divided needs, which nobody posted. */
  const tasks = new Map<string, string>();
  /** Of each class the needs that are settled, and the plants that were repaid something. */
  const settled = new Map<string, number>();
  const repaid = new Map<string, number>();
  let fund = 0;

  const onPosting = ({ code, debit, credit, amount }: OfType<'posting'>): void => {
    if (credit === 'fund/plants') fund += amount;
    if (debit === 'fund/plants') fund -= amount;
    if (fund < 0) fault('P20', `plants are repaid ${-fund} more than needs paid for it`);
    if (code !== 'bond_burned' && code !== 'seat_fee') return;
    const [kind, first = '', second = ''] = debit.split('/');
    const row = rows.get(kind === 'bond' ? second : first);
    const taken = code === 'seat_fee' ? row?.fees : row?.burned;
    taken?.set(debit, (taken.get(debit) ?? 0) + amount);
  };

  const onOpened = ({ need, worker }: OfType<'plant_opened'>, { entry }: AppliedEntry): void => {
    const row = rows.get(need);
    const { payload } = entry.envelope;
    if (row === undefined || payload.verb !== 'PLANT') return fault('P20', `${need} is opened as a plant of nobody`);
    const named = { requester: row.requester as never, worker: payload.from, salt: payload.body.salt };
    if (!equalBytes(plantMark(named, sha256), row.body.mark)) fault('P20', `${need} was no plant of ${worker}`);
    const { holder, reason = '' } = row.lost[0] ?? {};
    if (holder !== worker || (reason !== 'failed' && reason !== 'overturned'))
      fault('P20', `${need} is opened, and no first result of ${worker} was judged wrong`);
    if (row.openedBy !== null) fault('P20', `${need} is opened twice`);
    row.openedBy = worker;
  };

  const onRepaid = ({ need, worker, cost, paid }: OfType<'plant_repaid'>): void => {
    const row = rows.get(need);
    if (row === undefined || row.openedBy !== worker) return fault('P20', `${need} is repaid and was never opened`);
    if (row.isRepaid) fault('P20', `${need} is repaid twice`);
    row.isRepaid = true;
    const burned = sumOf(row.burned, need, worker);
    const loss = burned + sumOf(row.fees, need, worker);
    if (cost > loss) fault('P20', `${need} is said to have cost ${cost}, of ${loss}`);
    if (paid > burned || paid * BPS > loss * params.plantRepayBps)
      fault('P20', `${need} cost ${loss}, of which ${burned} was burned, and is repaid ${paid}`);
    const kind = row.body.class;
    if (paid > 0) bump(repaid, kind);
    const times = repaid.get(kind) ?? 0;
    // It is repaid while it is settled.
    if (times * BPS > ((settled.get(kind) ?? 0) + 1) * params.plantRateBps)
      fault('P20', `${times} plants are repaid of ${kind}, too many of its needs`);
  };

  return {
    properties: ['P20'],
    onEntry(applied) {
      const { outcome, events } = applied;
      const { payload, id } = applied.entry.envelope;
      if (outcome.accepted && payload.verb === 'NEED') rows.set(id, rowOf(payload.from, payload.body));
      for (const event of events) {
        if (event.type === 'posting') onPosting(event);
        else if (event.type === 'task_opened') tasks.set(event.need, rows.get(event.root)?.body.class ?? '');
        else if (event.type === 'plant_opened') onOpened(event, applied);
        else if (event.type === 'plant_repaid') onRepaid(event);
        else if (event.type === 'lease_lost') rows.get(event.need)?.lost.push(event);
        else if (event.type === 'need_settled')
          bump(settled, rows.get(event.need)?.body.class ?? tasks.get(event.need) ?? '');
      }
    },
  };
}
