import { balance, floorOf, move } from './ledger.ts';
import type { AdmissionRow, Model, SeatRow, ShareRow } from './tables.ts';

const account = (delegator: string, delegate: string): string => `delegation/${delegator}/${delegate}`;

/** Every admission to a delegate, by delegator. */
const admissionsOf = (model: Model, delegate: string): readonly AdmissionRow[] =>
  model.admissions.filter((row) => row.delegate === delegate).sort((a, b) => (a.delegator < b.delegator ? -1 : 1));

/** What delegators bear of the reserves that a key has. */
const sharesIn = (model: Model, delegate: string): readonly ShareRow[] =>
  model.committees.flatMap(({ seats }) => seats.filter(({ did }) => did === delegate).flatMap(({ shares }) => shares));

const sumOf = (shares: readonly ShareRow[]): number => shares.reduce((sum, { amount }) => sum + amount, 0);

/** What a delegator has behind a key and has not begun to take out. */
export const delegated = (
  model: Model,
  { delegator, delegate }: Pick<AdmissionRow, 'delegator' | 'delegate'>,
): number =>
  balance(model, account(delegator, delegate)) +
  sumOf(sharesIn(model, delegate).filter((share) => share.delegator === delegator));

/** What it has taken out and not withdrawn, by unbonding, the earliest first. */
const leaving = (model: Model, { delegator, delegate }: AdmissionRow): readonly string[] =>
  model.unbondings
    .filter((row) => row.did === delegator && row.delegate === delegate && !row.withdrawn)
    .map(({ id }) => `unbonding/${id}`);

/** Admissions that are open or that anything hangs on: what there may be only so many of. */
export const standing = (model: Model, delegate: string): readonly AdmissionRow[] =>
  admissionsOf(model, delegate).filter(
    (row) => row.most > 0 || delegated(model, row) > 0 || leaving(model, row).length > 0,
  );

/** Stake of a key's own, in reserve or not. */
export const ownStake = (model: Model, did: string): number =>
  balance(model, `stake/${did}`) + balance(model, `reserve/${did}`) - sumOf(sharesIn(model, did));

/** What a key stands with. */
export function standsWith(model: Model, did: string): number {
  const own = ownStake(model, did);
  const others = admissionsOf(model, did).reduce((sum, row) => sum + delegated(model, row), 0);
  return own + Math.min(others, own * model.params.delegatedTimesMax);
}

/** What is free behind a key by delegator, and how much of it counts. */
function freeBehind(model: Model, did: string) {
  const own = balance(model, `stake/${did}`);
  const rows = admissionsOf(model, did).map(({ delegator }) => {
    return { delegator, free: balance(model, account(delegator, did)) };
  });
  const all = rows.reduce((sum, { free }) => sum + free, 0);
  return { own, rows, all, counted: Math.min(all, own * model.params.delegatedTimesMax) };
}

/** What a key may back a judgement with. */
export function backing(model: Model, did: string): number {
  const { own, counted } = freeBehind(model, did);
  return own + counted;
}

/** Takes an amount from all that stand with a key, by what of theirs backs nothing. Gives what others bear of it. */
export function takeFrom(model: Model, did: string, amount: number, credit: string): readonly ShareRow[] {
  const { own, rows, all, counted } = freeBehind(model, did);
  const others = counted === 0 ? 0 : floorOf(amount, counted, own + counted);
  const shares = rows.map(({ delegator }, index) => {
    const upTo = (end: number): number => rows.slice(0, end).reduce((sum, { free }) => sum + free, 0);
    const part = all === 0 ? 0 : floorOf(others, upTo(index + 1), all) - floorOf(others, upTo(index), all);
    return { delegator, amount: part };
  });
  move(model, `stake/${did}`, credit, amount - others);
  for (const { delegator, amount: part } of shares) move(model, account(delegator, did), credit, part);
  return shares;
}

/** A reserve goes back to those whose stake it was. */
export function giveBack(model: Model, seat: SeatRow): void {
  const { did, shares } = seat;
  move(model, `reserve/${did}`, `stake/${did}`, seat.reserved - sumOf(shares));
  for (const { delegator, amount } of shares) move(model, `reserve/${did}`, account(delegator, did), amount);
  seat.reserved = 0;
  seat.shares = [];
}

/** Unbondings that a charge of a key reaches: its own, then those of each delegator. */
export const unbondingsWithin = (model: Model, did: string): readonly string[] => [
  ...model.unbondings
    .filter((row) => row.did === did && row.delegate === null && !row.withdrawn)
    .map(({ id }) => `unbonding/${id}`),
  ...admissionsOf(model, did).flatMap((row) => leaving(model, row)),
];

/** Entities that one of these is related to by what stands behind a key: more than a share of the delegate's own stake. */
export function kin(model: Model, entities: readonly string[]): readonly string[] {
  const entityOf = (did: string): string => model.members.get(did)?.entity ?? 'unverified';
  const found: string[] = [];
  for (const { delegate, delegator } of model.admissions) {
    const [below, above] = [entityOf(delegate), entityOf(delegator)];
    if (!entities.includes(below) && !entities.includes(above)) continue;
    const together = admissionsOf(model, delegate)
      .filter((row) => entityOf(row.delegator) === above)
      .reduce(
        (sum, row) =>
          [...leaving(model, row)].reduce((all, id) => all + balance(model, id), sum + delegated(model, row)),
        0,
      );
    if (together * 10_000 <= ownStake(model, delegate) * model.params.relatedBps) continue;
    found.push(entities.includes(below) ? above : below);
  }
  return found.filter((entity) => !entities.includes(entity));
}
