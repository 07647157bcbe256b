import { alarmOf, dropAlarm, openAlarm, startAlarm } from './alarms.ts';
import { backing, giveBack, kin, takeFrom, unbondingsWithin } from './delegations.ts';
import { burnFrom, ceilOf } from './ledger.ts';
import { entityOf, verifiers } from './people.ts';
import { isSuspended } from './suspended.ts';
import type { CommitRow, CommitteeRow, DrawRow, Model, NeedRow, SeatRow } from './tables.ts';

export const planName = (need: string, round: number): string => `plan/${need}/${round}`;
export const juryName = (challenge: string, instance: number): string => `jury/${challenge}/${instance}`;
export const resultName = (commit: string): string => `result/${commit}`;

/** The committee of a subject that is not over. */
export const committeeOf = (model: Model, subject: string): CommitteeRow | undefined =>
  model.committees.find((row) => row.subject === subject && row.phase !== 'over');

export function needRow(model: Model, id: string): NeedRow {
  const row = model.needs.find((need) => need.id === id);
  if (row === undefined) throw new Error(`the model has no need ${id}`);
  return row;
}

export function commitRow(model: Model, id: string): CommitRow {
  const row = model.commits.find((commit) => commit.id === id);
  if (row === undefined) throw new Error(`the model has no commit ${id}`);
  return row;
}

/** Seats of the largest committee of a level. */
export const largest = (model: Model, level: number): number =>
  2 * (Math.max(3, model.params.kTarget) + 2 * (level - 1)) - 1;

/** Seats that may vote now. */
export const sitting = (committee: CommitteeRow): readonly SeatRow[] =>
  committee.seats.filter((seat) => seat.status === 'seated' && seat.ballot === committee.ballot);

/** Opens a committee that may not seat the entities of `parties`. */
export function openCommittee(
  model: Model,
  about: { need: string; commit: string | null; round: number; level: number },
  parties: readonly string[],
): void {
  const { need, commit, round, level } = about;
  const committee: CommitteeRow = {
    subject: commit === null ? planName(need, round) : resultName(commit),
    need,
    commit,
    challenge: null,
    named: false,
    partyKeys: parties,
    parties: parties.map((did) => entityOf(model, did)),
    level,
    sealed: commit !== null && [4, 6].includes(needRow(model, need).body.tier),
    k: 0,
    n: 0,
    relaxed: false,
    phase: 'drawing',
    ballot: 1,
    draw: 0,
    drawnAt: [],
    seats: [],
    redraws: 0,
    waits: 0,
    recordFrom: null,
  };
  model.committees.push(committee);
  askForDraw(model, committee);
}

/** Entities of the parties, when the committee was opened and now. */
export const partiesNow = (model: Model, { parties, partyKeys }: CommitteeRow): readonly string[] => [
  ...parties,
  ...partyKeys.map((did) => entityOf(model, did)),
];

/** Seats that judged the result, or heard the dispute before; for a plan its own. */
const judges = (model: Model, { subject, commit, challenge }: CommitteeRow): readonly SeatRow[] =>
  model.committees
    .filter((row) => {
      if (challenge === null) return row.subject === subject;
      return row.subject === resultName(commit ?? '') || row.challenge === challenge;
    })
    .flatMap(({ seats }) => seats);

export function askForDraw(model: Model, committee: CommitteeRow): void {
  const { subject, ballot, draw } = committee;
  const before = judges(model, committee);
  committee.phase = 'drawing';
  committee.recordFrom = null;
  for (const kind of ['half', 'answer']) dropAlarm(model, `${kind}:${subject}`);
  model.draws = model.draws.filter((row) => row.subject !== subject);
  model.draws.push({
    subject,
    ballot,
    draw,
    bootstrap: model.bootstrap !== null,
    position: model.position,
    pool: verifiers(model).filter(({ did }) => !isSuspended(model, did)),
    active: verifiers(model).length,
    parties: [...partiesNow(model, committee), ...kin(model, partiesNow(model, committee))],
    sat: [...before.map(({ did }) => entityOf(model, did)), ...before.map(({ entity }) => entity)],
    revealed: [],
  });
  openAlarm(model, `seed:${subject}`, model.params.seedSilencePeriods * model.params.tickMs);
}

/** Entities of a pool that are no party. */
const eligible = (draw: Pick<DrawRow, 'pool' | 'parties'>): readonly string[] =>
  [...new Set(draw.pool.map(({ entity }) => entity))].filter((entity) => !draw.parties.includes(entity));

/** Whether an entity sits on a subject or sat there, or had a key that did when the draw was asked for. */
export const hasSat = (committee: CommitteeRow, draw: DrawRow, entity: string): boolean =>
  draw.sat.includes(entity) || committee.seats.some((seat) => seat.entity === entity);

/** What each seat of a committee of this size reserves: twice the value at risk, shared by K. */
export function reserveOf(model: Model, committee: CommitteeRow, k: number, n: number): number {
  if (committee.commit === null || committee.challenge !== null) return 0;
  const fee = needRow(model, committee.need).body.seatFee;
  return ceilOf(2, commitRow(model, committee.commit).bid.price + n * fee, k);
}

/** Whether there are so few that only bootstrap draws from them. */
export const isRelaxed = (model: Model, draw: DrawRow): boolean =>
  draw.bootstrap && eligible(draw).length < model.params.minEligible;

/** Whether enough may sit, and enough verifiers are there at all. */
export function enoughFor(model: Model, draw: DrawRow): boolean {
  const count = eligible(draw).length;
  if (draw.bootstrap) return count > 0;
  return count >= model.params.minEligible && draw.active >= model.params.bootstrapVerifiers;
}

/** Reveals that a draw waits for. */
export const revealsFor = ({ params }: Model, draw: DrawRow): number =>
  draw.bootstrap ? Math.min(params.seedReveals, Math.max(eligible(draw).length, 1)) : params.seedReveals;

/** K by spec 5.6; the pool is large enough. */
export function sizeOf(model: Model, committee: CommitteeRow, draw: DrawRow): { k: number; n: number } {
  if (committee.k > 0) return { k: committee.k, n: committee.n };
  const { alphaBps, kTarget } = model.params;
  const wanted = Math.max(3, Math.min(Math.floor((draw.active * alphaBps) / 10_000), kTarget));
  const half = Math.floor((eligible(draw).length - 1) / 2);
  const k = Math.max(Math.min(wanted + 2 * (committee.level - 1), half), 1);
  return { k, n: 2 * k - 1 };
}

/** How long a committee may answer: longer where it has to fetch bytes first. */
export function answerMs(model: Model, committee: CommitteeRow): number {
  const own = needRow(model, committee.need).body.windows.answerMs;
  const fetches = model.seals.some(({ id, class: kind }) => id === committee.challenge && kind === 'unavailable');
  return own + (fetches ? model.params.juryFetchMs : 0);
}

/** An answer period runs from now: for votes or seals, or for what was sealed. */
export function startAnswers(model: Model, committee: CommitteeRow, phase: 'voting' | 'opening' = 'voting'): void {
  const length = answerMs(model, committee);
  committee.phase = phase;
  committee.recordFrom = model.time + Math.ceil(length / 2);
  startAlarm(model, `half:${committee.subject}`, Math.ceil(length / 2));
  startAlarm(model, `answer:${committee.subject}`, length);
}

/** Whether the answer period of a committee runs; that of arbiters does once they are named. */
export function isAnswering(model: Model, { subject, named }: CommitteeRow): boolean {
  const answer = alarmOf(model, `answer:${subject}`);
  return answer !== undefined && (named || answer.at !== null);
}

export function freeReserve(model: Model, seat: SeatRow): void {
  giveBack(model, seat);
}

/** A key that owed a vote or a reveal pays for it: all that stand with it, from stake that backs nothing, then from what unbonds. */
export function punish(model: Model, did: string, fee: number): void {
  const backed = Math.min(fee, backing(model, did));
  takeFrom(model, did, backed, 'burn');
  burnFrom(model, unbondingsWithin(model, did), fee - backed);
  const member = model.members.get(did);
  if (member === undefined) throw new Error(`${did} sits and is no member`);
  member.silences += 1;
  if (member.silences >= model.params.silencesPerEpoch) member.active = false;
}

export function endCommittee(model: Model, committee: CommitteeRow): void {
  committee.phase = 'over';
  committee.recordFrom = null;
  model.draws = model.draws.filter((row) => row.subject !== committee.subject);
  for (const kind of ['seed', 'seats', 'half', 'answer', 'bidding']) dropAlarm(model, `${kind}:${committee.subject}`);
  for (const seat of committee.seats) freeReserve(model, seat);
}
