import { alarmOf, dropAlarm, openAlarm } from './alarms.ts';
import { askForDraw, commitRow, endCommittee, juryName, needRow, resultName } from './committees.ts';
import { kin } from './delegations.ts';
import { balance, move, moveAll } from './ledger.ts';
import { entityOf, verifiers } from './people.ts';
import { change, identityOf, JUDGE } from './reputation.ts';
import { isSuspended } from './suspended.ts';
import type { CommitRow, CommitteeRow, Model, SealRow } from './tables.ts';
import { bondAccount, liveSeals, overturn, retire, settleSeats } from './verdicts.ts';

export const JURY_CLASSES: readonly string[] = ['wrong_output', 'unavailable', 'semantic_contradiction'];

/** The seal of a live dispute over a commit. */
export const disputed = (model: Model, commit: string, challenge: string): SealRow | undefined =>
  liveSeals(model, commit).find(({ id, dispute }) => id === challenge && dispute !== null);

/** Who hears an instance: so many seats of which so many decide, by name or to be drawn. */
export interface Bench {
  readonly k: number;
  readonly n: number;
  readonly names: readonly string[] | null;
}

const partiesTo = (model: Model, commit: CommitRow, asker: string, seal: SealRow | null): readonly string[] => {
  const { worker, planner } = commit.bid;
  const appellants = seal?.dispute?.appeals.map(({ by }) => by) ?? [];
  return [
    needRow(model, commit.need).requester,
    worker,
    ...(planner === null ? [] : [planner]),
    ...(seal === null ? [] : [seal.challenger]),
    ...appellants,
    asker,
  ];
};

export function firstJury(model: Model, commit: CommitRow, instance = 1): Bench {
  const judged = model.committees.find(({ subject }) => subject === resultName(commit.id));
  const k = (judged?.k ?? 0) + 2 * instance;
  return { k, n: 2 * k - 1, names: null };
}

/** Who can hear an instance now; null when nobody can. */
export function benchFor(
  model: Model,
  commit: CommitRow,
  about: { readonly asker: string; readonly seal: SealRow | null; readonly instance: number },
): Bench | null {
  const { asker, seal, instance } = about;
  const parties = partiesTo(model, commit, asker, seal);
  const own = parties.map((did) => entityOf(model, did));
  const related = [...own, ...kin(model, own)];
  const vouched = own.filter((entity) => entity !== 'unverified');
  const close = [...vouched, ...kin(model, vouched)];
  const jury = firstJury(model, commit, instance);
  const able = verifiers(model).filter(({ did, entity }) => !isSuspended(model, did) && !related.includes(entity));
  const unrelated = new Set(able.map(({ entity }) => entity));
  const before = model.committees
    .filter((row) => row.subject === resultName(commit.id) || (seal !== null && row.challenge === seal.id))
    .flatMap(({ seats }) => seats);
  const sat = [...before.map(({ entity }) => entity), ...before.map(({ did }) => entityOf(model, did))];
  const free = [...unrelated].filter((entity) => !sat.includes(entity));
  const left = instance <= 1 + model.params.maxAppeals;
  if (left && unrelated.size >= model.params.minEligible && free.length >= jury.n) return jury;
  const names = model.genesis.arbiters.filter((did) => {
    const entity = entityOf(model, did);
    const judged = before.some((seat) => seat.did === did) || (entity !== 'unverified' && sat.includes(entity));
    return !judged && !parties.includes(did) && (entity === 'unverified' || !close.includes(entity));
  });
  return names.length === 0 ? null : { k: Math.floor(names.length / 2) + 1, n: names.length, names };
}

export function openInstance(model: Model, commit: CommitRow, seal: SealRow, bench: Bench): void {
  const parties = partiesTo(model, commit, seal.challenger, seal);
  const committee: CommitteeRow = {
    subject: juryName(seal.id, seal.dispute?.instance ?? 0),
    need: commit.need,
    commit: commit.id,
    challenge: seal.id,
    named: bench.names !== null,
    partyKeys: parties,
    parties: parties.map((did) => entityOf(model, did)),
    level: commit.level,
    sealed: false,
    k: bench.k,
    n: bench.n,
    relaxed: false,
    phase: bench.names === null ? 'drawing' : 'voting',
    ballot: 1,
    draw: 0,
    drawnAt: [],
    seats: [],
    redraws: 0,
    waits: 0,
    recordFrom: null,
  };
  model.committees.push(committee);
  if (bench.names === null) return askForDraw(model, committee);
  committee.drawnAt.push(model.position);
  for (const did of bench.names) {
    const place = { entity: entityOf(model, did), asn: 0, region: '' };
    committee.seats.push({
      did,
      ...place,
      ballot: 1,
      draw: 0,
      shares: [],
      struck: false,
      reserved: 0,
      status: 'seated',
      seal: null,
      vote: null,
    });
  }
  openAlarm(model, `answer:${committee.subject}`, model.params.arbiterMs);
}

const sealOf = (model: Model, { challenge }: CommitteeRow): SealRow => {
  const seal = model.seals.find(({ id }) => id === challenge);
  if (seal === undefined) throw new Error(`nobody sealed ${challenge}`);
  return seal;
};

/** K of an instance agree. */
export function rule(model: Model, committee: CommitteeRow, ruling: string): void {
  const seal = sealOf(model, committee);
  const { dispute, challenger } = seal;
  if (dispute === null) return;
  committee.phase = 'certified';
  dispute.ruling = ruling;
  dropAlarm(model, `half:${committee.subject}`);
  if (committee.named) return conclude(model, seal);
  const next = { asker: challenger, seal, instance: dispute.instance + 1 };
  if (benchFor(model, commitRow(model, seal.subject), next) !== null)
    openAlarm(model, `appeal:${seal.id}`, model.params.appealMs);
}

/** The last votes of a jury are in: if nobody can appeal, its word is the last. */
export function endHearing(model: Model, committee: CommitteeRow): void {
  const seal = sealOf(model, committee);
  const present = committee.subject === juryName(seal.id, seal.dispute?.instance ?? 0);
  if (present && alarmOf(model, `appeal:${seal.id}`) === undefined) conclude(model, seal);
}

/** An instance came to nothing: the arbiters hear it, or what was said before stands. */
export function failInstance(model: Model, committee: CommitteeRow): void {
  const seal = sealOf(model, committee);
  const { dispute, challenger } = seal;
  if (dispute === null) return;
  const commit = commitRow(model, seal.subject);
  const last = { asker: challenger, seal, instance: 2 + model.params.maxAppeals };
  const bench = committee.named ? null : benchFor(model, commit, last);
  endCommittee(model, committee);
  if (bench !== null) {
    dispute.instance += 1;
    return openInstance(model, commit, seal, bench);
  }
  const appeal = dispute.appeals.at(-1);
  if (appeal !== undefined) moveAll(model, `bond/appeal/${appeal.id}`, `free/${appeal.by}`);
  dispute.appeals = dispute.appeals.slice(0, -1);
  conclude(model, seal);
}

/** The last word: jurors that said so are paid, by those who lost first. */
export function conclude(model: Model, seal: SealRow): void {
  const commit = commitRow(model, seal.subject);
  const { ruling, appeals } = seal.dispute ?? { ruling: null, appeals: [] };
  const instances = model.committees.filter((row) => row.challenge === seal.id && row.phase !== 'over');
  const ruled = instances.filter(({ phase }) => phase === 'certified');
  const agree = ruled.flatMap(({ seats, ballot }) =>
    seats.filter((seat) => ruling !== null && seat.ballot === ballot && seat.vote?.verdict === ruling),
  );
  dropAlarm(model, `appeal:${seal.id}`);
  for (const row of instances) endCommittee(model, row);
  retire(model, seal);
  const bonds = [
    { account: bondAccount(seal), by: seal.challenger, lost: ruling === 'dismiss' },
    ...appeals.map(({ id, by, against }) => ({ account: `bond/appeal/${id}`, by, lost: against === ruling })),
  ];
  const pay = (others: readonly string[]): void => {
    const [lost, won] = [bonds.filter((bond) => bond.lost), bonds.filter((bond) => !bond.lost)];
    const purses = [...lost.map(({ account }) => account), ...others, ...won.map(({ account }) => account)];
    for (const { did } of agree) {
      let due = needRow(model, commit.need).body.seatFee;
      for (const purse of purses) {
        const part = Math.min(due, balance(model, purse));
        move(model, purse, `free/${did}`, part);
        due -= part;
      }
      if (due > 0) model.complaints.push({ property: 'P11', detail: `${did} judged ${seal.id} for less than its fee` });
    }
    for (const { account } of lost) moveAll(model, account, 'burn');
    for (const { account, by } of won) moveAll(model, account, `free/${by}`);
  };
  if (ruling === 'uphold') return overturn(model, commit, seal, (bond) => pay([bond]));
  pay([]);
  if (ruling === 'dismiss') change(model, JUDGE, identityOf(model, seal.challenger), 'half');
  settleSeats(model, commit);
}
