import { takeDue } from './alarms.ts';
import {
  askForDraw,
  commitRow,
  committeeOf,
  freeReserve,
  needRow,
  punish,
  sitting,
  startAnswers,
} from './committees.ts';
import { conclude, endHearing } from './disputes.ts';
import { isSealing } from './evidence.ts';
import { giveUp } from './give-up.ts';
import { moveAll } from './ledger.ts';
import { closeNeed, loseLease } from './needs.ts';
import { childrenOf, planBond } from './plans.ts';
import type { CommitteeRow, Model } from './tables.ts';
import { settleEscrow } from './verbs/settle.ts';
import { endSeal, resume, settleSeats } from './verdicts.ts';

/** Every period that waits for a TICK runs from now, in order of names. */
export function startPeriods(model: Model): void {
  const waiting = model.alarms.filter(({ at }) => at === null).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const alarm of waiting) {
    alarm.at = model.time + alarm.length;
    const [kind, name] = split(alarm.name);
    if (kind === 'deadline') needRow(model, name).deadlineAt = alarm.at;
    if (kind === 'half') inSession(model, name).recordFrom = alarm.at;
    if (kind !== 'lease') continue;
    const need = needRow(model, name);
    alarm.at = Math.max(model.time, Math.min(alarm.at, need.deadlineAt ?? 0));
    if (need.lease !== null) need.lease.expiresAt = alarm.at;
  }
}

function split(name: string): readonly [string, string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}

/** What follows from every period that passed, the earliest first. */
export function fireDue(model: Model): void {
  for (let alarm = takeDue(model); alarm !== undefined; alarm = takeDue(model)) {
    const [kind, name] = split(alarm.name);
    const passed = PASSED[kind];
    if (passed === undefined) throw new Error(`the model has no ${kind}`);
    passed(model, name);
  }
}

const inSession = (model: Model, subject: string): CommitteeRow => {
  const committee = committeeOf(model, subject);
  if (committee === undefined) throw new Error(`${subject} is over`);
  return committee;
};

const PASSED: Readonly<Record<string, (model: Model, name: string) => void>> = {
  deadline(model, name) {
    const need = needRow(model, name);
    need.deadlinePassed = true;
    for (const child of childrenOf(model, need)) child.deadlinePassed = true;
    const untaken = need.plan?.tasks.some((row) => row.state === 'open' && needRow(model, row.need).attempt === 0);
    if (untaken === true) moveAll(model, planBond(need), 'burn');
    if (need.phase === 'bidding' || need.phase === 'ready' || need.phase === 'waiting')
      closeNeed(model, need, 'expired');
  },
  lease: (model, name) => loseLease(model, needRow(model, name), 0),
  bidding: (model, name) => startAnswers(model, inSession(model, name)),
  half: () => undefined,
  answer: (model, name) => endAnswers(model, inSession(model, name)),
  seats: (model, name) => askForDraw(model, inSession(model, name)),
  seed: (model, name) => missSeed(model, inSession(model, name)),
  window(model, name) {
    commitRow(model, name).windowClosed = true;
  },
  hold(model, name) {
    const commit = commitRow(model, name);
    commit.holdPassed = true;
    settleSeats(model, commit);
  },
  opening(model, name) {
    const seal = model.seals.find(({ id }) => id === name);
    if (seal === undefined) throw new Error(`nobody sealed ${name}`);
    endSeal(model, seal, false);
    resume(model, seal.subject);
  },
  appeal(model, name) {
    const seal = model.seals.find(({ id }) => id === name);
    if (seal === undefined) throw new Error(`nobody disputes ${name}`);
    conclude(model, seal);
  },
  unbonding(model, name) {
    for (const row of model.unbondings) if (name === `${row.did}/${row.id}`) row.over = true;
  },
  hold_end(model, name) {
    const row = model.escrows.find(({ id }) => id === name);
    if (row !== undefined) settleEscrow(model, row, 0);
  },
};

function endAnswers(model: Model, committee: CommitteeRow): void {
  const seats = sitting(committee);
  const sealing = isSealing(committee);
  const silent = seats.filter(({ seal, vote }) => (sealing ? seal : vote) === null);
  const { phase } = committee;
  if (phase === 'certified' && !committee.sealed) {
    for (const seat of silent) freeReserve(model, seat);
    if (committee.challenge !== null) endHearing(model, committee);
    return;
  }
  if (committee.named) return giveUp(model, committee);
  const fee = needRow(model, committee.need).body.seatFee;
  for (const seat of silent) {
    seat.status = 'silent';
    freeReserve(model, seat);
    punish(model, seat.did, fee);
  }
  if (phase === 'certified') return;
  if (sealing && sitting(committee).filter(({ seal }) => seal !== null).length >= committee.k)
    return startAnswers(model, committee, 'opening');
  if (committee.redraws === model.params.maxRedraws) return giveUp(model, committee);
  committee.redraws += 1;
  committee.draw += 1;
  if (phase === 'opening' || seats.length - silent.length >= committee.n) {
    for (const seat of sitting(committee)) {
      freeReserve(model, seat);
      seat.status = 'void';
    }
    committee.ballot += 1;
  }
  askForDraw(model, committee);
}

/** A seed stayed away: every key that could have revealed pays, once a TICK. */
function missSeed(model: Model, committee: CommitteeRow): void {
  const draw = model.draws.find(({ subject }) => subject === committee.subject);
  const fee = needRow(model, committee.need).body.seatFee;
  // By entity, as the pool stands; within one by did.
  const entities = [...new Set(draw?.pool.map(({ entity }) => entity))].sort();
  const keys = entities.flatMap((entity) => (draw?.pool ?? []).filter((row) => row.entity === entity));
  for (const { did, entity } of keys) {
    const member = model.members.get(did);
    const revealed = draw?.parties.includes(entity) || draw?.revealed.includes(entity);
    if (member === undefined || revealed === true || member.missedAt === model.position) continue;
    member.missedAt = model.position;
    punish(model, did, fee);
  }
  committee.waits += 1;
  if (committee.waits > model.params.maxWaits) giveUp(model, committee);
  else askForDraw(model, committee);
}
