import type { Committee, Need, State } from '../../../src/state.ts';
import { committeeOf } from '../model/committees.ts';
import { balances } from '../model/ledger.ts';
import { plantsOf } from '../model/plants.ts';
import { meetings, points } from '../model/reputation.ts';
import { isSuspended } from '../model/suspended.ts';
import type { CommitteeRow, Model, NeedRow } from '../model/tables.ts';
import { triesOf } from '../model/trials.ts';
import type { Finding } from './finding.ts';

/** Where the law's state and the model differ, by the property that this is about. */
export function* compare(state: State, model: Model): Iterable<Finding> {
  yield* compareLedger(state, model);
  if (state.time !== model.time) yield { property: 'time', detail: `log time is ${state.time}, not ${model.time}` };
  if (state.incarnation !== model.incarnation)
    yield { property: 'P25', detail: `this is life ${state.incarnation}, not ${model.incarnation}` };
  const open = model.needs.filter(({ settled }) => !settled);
  if (open.length !== state.needs.size)
    yield { property: 'life', detail: `${state.needs.size} needs, not ${open.length}` };
  for (const row of open) {
    const need = [...state.needs.values()].find(({ id }) => id === row.id);
    if (need === undefined) yield { property: 'life', detail: `${row.id} is forgotten too early` };
    else yield* compareNeed(need, row, model.incarnation);
  }
  const sitting = model.committees.filter(({ phase }) => phase !== 'over');
  if (sitting.length !== state.committees.size)
    yield { property: 'P6', detail: `${state.committees.size} committees, not ${sitting.length}` };
  for (const committee of state.committees.values()) {
    const row = committeeOf(model, committee.subject);
    if (row === undefined) yield { property: 'P6', detail: `${committee.subject} should be over` };
    else yield* compareCommittee(committee, row);
  }
  yield* compareWindows(state, model);
  yield* compareMembers(state, model);
  yield* compareReputation(state, model);
  for (const did of new Set([...state.suspensions.keys(), ...model.suspensions.map((row) => row.did)]))
    if (isSuspended(model, did) !== (state.suspensions.get(did as never)?.conformedAt === null))
      yield { property: 'P26', detail: `${did} is suspended, or is not` };
  const [is, must] = [JSON.stringify(state.bootstrap), JSON.stringify(model.bootstrap)];
  if (is !== must) yield { property: 'P6', detail: `bootstrap is ${is}, not ${must}` };
}

function* compareLedger({ accounts }: State, model: Model): Iterable<Finding> {
  const due = balances(model);
  for (const account of new Set<string>([...accounts.keys(), ...due.keys()])) {
    const [is, must] = [accounts.get(account as never) ?? 0, due.get(account) ?? 0];
    const property = /^(reserve|delegation)\//.test(account) ? 'P10' : 'P9';
    if (is !== must) yield { property, detail: `${account} holds ${is}, not ${must}` };
  }
}

function* differences(about: string, is: object, must: object): Iterable<string> {
  for (const [name, value] of Object.entries(must)) {
    const found = (is as Readonly<Record<string, unknown>>)[name];
    if (found !== value) yield `${about}: ${name} is ${found}, not ${value}`;
  }
}

function* compareNeed(need: Need, row: NeedRow, incarnation: number): Iterable<Finding> {
  const { status, phase, round, attempt, level, deadlineAt, deadlinePassed } = row;
  const life = { status, phase, round, attempt, level, deadlineAt, deadlinePassed };
  for (const detail of differences(row.id, need, life)) yield { property: 'life', detail };
  const money = {
    pricePool: row.price,
    feePool: row.fees,
    forfeited: row.forfeited,
    owed: row.owed,
    logPool: row.logs,
  };
  for (const detail of differences(row.id, need, money)) yield { property: 'P11', detail };
  yield* comparePlan(need, row);
  const queue = row.queue.map(({ id }) => id);
  if (need.runnersUp.map(({ id }) => id).join() !== queue.join())
    yield { property: 'auction', detail: `${row.id} keeps other runners-up` };
  const marks = {
    adopted: need.adopted.join() === row.adopted.join(),
    orphaned: need.orphaned.join() === row.orphaned.join(),
    alternates: need.alternates.map(({ id }) => id).join() === row.alternates.map(({ id }) => id).join(),
  };
  for (const [mark, same] of Object.entries(marks))
    if (!same) yield { property: 'P24', detail: `${row.id} has other ${mark}` };
  const { lease } = row;
  if ((need.lease === null) !== (lease === null))
    yield { property: 'P5', detail: `${row.id} has ${lease === null ? 'a' : 'no'} lease` };
  if (need.lease === null || lease === null) return;
  const { expiresAt, renewals, progress, touched } = lease;
  const held = { attempt: lease.attempt, expiresAt, renewals, progress, touched };
  for (const detail of differences(row.id, need.lease, held)) yield { property: 'P5', detail };
  if (need.lease.bid.id !== lease.bid.id) yield { property: 'auction', detail: `${row.id} is leased on another bid` };
  if (need.lease.fence.position !== lease.fence) yield { property: 'P4', detail: `${row.id} has another fence` };
  if (need.lease.fence.incarnation !== incarnation)
    yield { property: 'P25', detail: `${row.id} is leased in another life` };
}

/** What is adopted, and how far its tasks are. */
function* comparePlan(need: Need, row: NeedRow): Iterable<Finding> {
  const of = (text: unknown): string => JSON.stringify(text);
  const isBroken = row.plan?.broken ?? null;
  const must = { planVersion: row.version, broken: isBroken, inputs: of(row.inputs) };
  const is = { planVersion: need.planVersion, broken: need.plan?.broken ?? null, inputs: of(need.inputs) };
  for (const detail of differences(row.id, is, must)) yield { property: 'plan', detail };
  const due = row.plan?.tasks.map(({ task, need: id, after, state, outputs }) => [task, id, after, state, outputs]);
  const found = need.plan?.tasks.map(({ task, need: id, after, status, outputs }) => [
    task,
    id,
    after,
    status,
    outputs,
  ]);
  if (of(due) !== of(found)) yield { property: 'plan', detail: `${row.id} has tasks ${of(found)}, not ${of(due)}` };
}

function* compareCommittee(committee: Committee, row: CommitteeRow): Iterable<Finding> {
  const { phase, k, n, relaxed, ballot, draw, redraws, waits, recordFrom } = row;
  // Whether a committee that seals takes seals or votes is what makes a verdict its own.
  for (const detail of differences(row.subject, committee, { phase }))
    yield { property: row.sealed ? 'P17' : 'P6', detail };
  const all = { k, n, relaxed, ballot, draw, redraws, waits, halfAt: recordFrom };
  for (const detail of differences(row.subject, committee, all)) yield { property: 'P6', detail };
  for (const seat of row.seats) {
    const found = committee.seats.find(({ did }) => did === seat.did);
    const { status, reserved } = seat;
    if (found === undefined) yield { property: 'P6', detail: `${row.subject} lost the seat of ${seat.did}` };
    else {
      for (const detail of differences(`the seat of ${seat.did}`, found, { reserved }))
        yield { property: 'P10', detail };
      if (found.seal !== seat.seal)
        yield { property: 'P17', detail: `${seat.did} sealed ${found.seal}, not ${seat.seal}` };
      const said = { status, vote: seat.vote?.verdict };
      const is = { status: found.status, vote: found.vote?.verdict };
      for (const detail of differences(`the seat of ${seat.did}`, is, said)) yield { property: 'P6', detail };
    }
  }
}

/** Challenge windows, and the seals that live in them. */
function* compareWindows(state: State, model: Model): Iterable<Finding> {
  for (const row of model.commits) {
    const commit = [...state.commits.values()].find(({ id }) => id === row.id);
    if ((commit === undefined) !== row.settled)
      yield { property: 'life', detail: `${row.id} is ${row.settled ? 'not ' : ''}settled` };
    if (commit === undefined || row.settled) continue;
    const { windowClosed, holdPassed } = row;
    for (const detail of differences(row.id, commit, { windowClosed, holdPassed })) yield { property: 'P12', detail };
    const { verdict, final, overturned } = row;
    for (const detail of differences(row.id, commit, { verdict, final, overturned })) yield { property: 'P3', detail };
  }
  for (const challenge of [...state.challenges.values()].flat()) {
    const row = model.seals.find(({ id }) => id === challenge.id);
    const told = (
      one: { instance: number; ruling: string | null; appeals: readonly { id: string }[] } | null | undefined,
    ) => (one == null ? 'none' : `${one.instance}/${one.ruling}/${one.appeals.map(({ id }) => id).join()}`);
    if (told(challenge.dispute) !== told(row?.dispute))
      yield { property: 'P3', detail: `the dispute ${told(challenge.dispute)} is ${told(row?.dispute)}` };
  }
  const live = model.seals.filter((seal) => seal.live).map(({ id }) => id);
  const found = [...state.challenges.values()].flat().map(({ id }) => id as string);
  if (live.sort().join() !== found.sort().join())
    yield { property: 'P12', detail: `${found.length} challenges are live, not ${live.length}` };
}

function* compareMembers(state: State, model: Model): Iterable<Finding> {
  for (const [did, row] of model.members) {
    const member = state.members.get(did as never);
    const { entity, tip, revealsLeft, reported, silences, active } = row;
    const all = { entity, tip, revealsLeft, reported, silences, active };
    for (const detail of differences(did, member ?? {}, all)) yield { property: 'members', detail };
  }
}

function* compareReputation(state: State, model: Model): Iterable<Finding> {
  const domains = new Set([...state.reputation.keys(), ...model.deeds.map(({ domain }) => domain ?? 'judge')]);
  const identities = new Set(model.deeds.map(({ identity }) => identity));
  for (const domain of domains) {
    const all = state.reputation.get(domain as never) ?? new Map();
    for (const identity of new Set([...all.keys(), ...identities])) {
      const [is, must] = [all.get(identity) ?? 0, points(model, domain, identity)];
      if (is !== must) yield { property: 'reputation', detail: `${identity} has ${is} in ${domain}, not ${must}` };
    }
  }
  for (const identity of new Set([...state.trials.keys(), ...model.tries.map((row) => row.identity)])) {
    const [is, must] = [state.trials.get(identity as never) ?? 0, triesOf(model, identity)];
    if (is !== must) yield { property: 'limits', detail: `${identity} took ${is} trials, not ${must}` };
  }
  for (const kind of new Set([...state.plants.keys(), ...model.plants.map((row) => row.class)])) {
    const { judged, repaid } = state.plants.get(kind) ?? { judged: 0, repaid: 0 };
    const must = [plantsOf(model, 'judged', kind), plantsOf(model, 'repaid', kind)];
    if (judged !== must[0] || repaid !== must[1])
      yield { property: 'P20', detail: `${kind}: ${judged} judged and ${repaid} repaid, not ${must.join(' and ')}` };
  }
  for (const pair of new Set([...state.pairs.keys(), ...model.meetings.map((meeting) => meeting.pair)])) {
    const [is, must] = [state.pairs.get(pair) ?? 0, meetings(model, pair)];
    if (is !== must) yield { property: 'reputation', detail: `${pair} met ${is} times, not ${must}` };
  }
}
