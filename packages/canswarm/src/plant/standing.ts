import { freeAccount, type KernelEvent, type State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { Did, NeedId } from '@canswarm/protocol';
import type { JudgedBy, Role, Standing } from './plant.ts';

/** Whose events tell of a plant. */
export interface PlantIds {
  readonly payer: Did;
  readonly requester: Did;
  readonly worker: Did;
  readonly need: NeedId | null;
}

/** A plant's standing after an applied entry. `state` is as it was after that. */
export function standingAfter(before: Standing, ids: PlantIds, applied: AppliedEntry, state: State): Standing {
  const { envelope } = applied.entry;
  let standing = before;
  // Anybody may bring the entry again: that is refused, and the need is there all the same.
  if ((envelope.id as string) === ids.need && standing.taken !== true)
    standing = { ...standing, taken: applied.outcome.accepted };
  for (const event of applied.events) standing = withEvent(standing, ids, event, state);
  return applied.events.some((event) => isProof(event, standing)) ? withSlashes(standing, applied.events) : standing;
}

/** Whether the plant's result was proved wrong by an entry: whom that charges passed it. */
const isProof = (event: KernelEvent, { commit }: Standing): boolean =>
  event.type === 'challenge_judged' && event.upheld && event.subject === commit;

function withEvent(before: Standing, ids: PlantIds, event: KernelEvent, state: State): Standing {
  if (event.type === 'posting') return withPosting(before, ids, event);
  if ('need' in event && event.need === ids.need) {
    switch (event.type) {
      case 'lease_granted':
        return event.attempt === 1 ? { ...before, hired: event.holder } : before;
      case 'committed':
        return event.worker === ids.worker ? { ...before, commit: event.commit } : before;
      case 'plant_opened':
        return { ...before, opened: true };
      case 'plant_repaid':
        return { ...before, repaid: before.repaid + event.paid };
      case 'need_settled':
        return { ...before, settled: true };
      default:
        return before;
    }
  }
  if (event.type === 'certified' && event.commit === before.commit)
    return { ...before, verdict: event.verdict, seats: seatsOf(before, state) };
  // Votes that came later, and seats that fill places of silent ones.
  if ('subject' in event && event.subject === `result/${before.commit}`)
    return { ...before, seats: seatsOf(before, state) };
  return before;
}

function withPosting(
  before: Standing,
  { payer, requester, worker }: PlantIds,
  { code, debit, credit, amount }: Extract<KernelEvent, { type: 'posting' }>,
): Standing {
  if (code !== 'transfer') return before;
  const roles: readonly (readonly [Role, Did])[] = [
    ['requester', requester],
    ['worker', worker],
  ];
  const home = freeAccount(payer);
  for (const [role, did] of roles) {
    if (debit === home && credit === freeAccount(did))
      return { ...before, funded: { ...before.funded, [role]: true }, sent: before.sent + amount };
    if (credit === home && debit === freeAccount(did)) return { ...before, back: before.back + amount };
  }
  return before;
}

/** Who sits on the result now, with what it lost so far. */
function seatsOf({ commit, seats }: Standing, state: State): readonly JudgedBy[] {
  const now = state.committees.get(`result/${commit ?? ''}`)?.seats ?? [];
  if (now.length === 0) return seats;
  return now.map(({ did, vote }) => {
    const slashed = seats.find((seat) => seat.did === did)?.slashed ?? 0;
    return { did, vote: vote === null ? null : vote.verdict, slashed };
  });
}

function withSlashes(before: Standing, events: readonly KernelEvent[]): Standing {
  const lost = (did: Did): number =>
    events.reduce((sum, event) => (event.type === 'slashed' && event.did === did ? sum + event.amount : sum), 0);
  return { ...before, seats: before.seats.map((seat) => ({ ...seat, slashed: seat.slashed + lost(seat.did) })) };
}
