import { type CommitId, type Did, ENTRY_BYTES_MAX } from '@canswarm/protocol';
import { planSubject, resultSubject } from './need-life.ts';
import { ownStake } from './pool.ts';
import type { Committee, Need, State } from './state.ts';

/** A broken property: its id in `spec/09-invariants.md` and what was seen. */
export interface Violation {
  readonly id: string;
  readonly detail: string;
}

type Checker = (state: State) => Iterable<string>;

/** Checks every state invariant. An empty list means that all hold. */
export function checkInvariants(state: State): readonly Violation[] {
  return Object.entries(CHECKERS).flatMap(([id, check]) => [...check(state)].map((detail) => ({ id, detail })));
}

/** State invariants by id; each is written apart from the code that keeps it. */
export const CHECKERS: Readonly<Record<string, Checker>> = {
  *'INV-ZERO-SUM'({ accounts }) {
    let sum = 0n;
    for (const balance of accounts.values()) sum += BigInt(balance);
    if (sum !== 0n) yield `accounts sum to ${sum}`;
  },
  *'INV-NON-NEGATIVE'({ accounts }) {
    for (const [account, balance] of accounts)
      if (balance < 0 && account !== 'mint') yield `${account} holds ${balance}`;
  },
  *'INV-SUPPLY'({ accounts, supplyCap }) {
    const minted = -(accounts.get('mint') ?? 0);
    if (minted > supplyCap) yield `${minted} minted over ${supplyCap}`;
  },
  *'INV-ESCROW'({ accounts, needs }) {
    for (const [account, balance] of accounts) {
      if (!account.startsWith('escrow/')) continue;
      const need = [...needs.values()].find((candidate) => account === `escrow/${candidate.id}`);
      if (need === undefined) yield `${account} holds ${balance} for no need`;
    }
    for (const need of needs.values()) {
      const held = accounts.get(`escrow/${need.id}`) ?? 0;
      const counted = need.pricePool + need.feePool + need.logPool;
      if (held !== counted) yield `${need.id} holds ${held}, counts ${counted}`;
      if (need.logPool < 0) yield `${need.id} paid more for the log than it held`;
      if (need.owed > need.feePool || need.owed < 0) yield `${need.id} owes ${need.owed} of ${need.feePool}`;
    }
  },
  *'INV-LOG-FEES'({ charged, position, params }) {
    const most = params.logFeeBase + params.logFeePerByte * ENTRY_BYTES_MAX;
    let last = 0;
    for (const [id, { position: at, paid }] of charged) {
      if (at < last || at > position) yield `${id} was charged at ${at}, after ${last}`;
      if (paid < 1 || paid > most) yield `${id} was charged ${paid}`;
      last = at;
    }
  },
  *'INV-RESERVE'({ accounts, committees }) {
    const reserved = new Map<string, number>();
    for (const committee of committees.values()) {
      for (const seat of committee.seats) reserved.set(seat.did, (reserved.get(seat.did) ?? 0) + seat.reserved);
    }
    for (const [account, balance] of accounts) {
      const did = account.startsWith('reserve/') ? account.slice('reserve/'.length) : null;
      if (did !== null && reserved.get(did) !== balance)
        yield `${account} holds ${balance}, seats say ${reserved.get(did) ?? 0}`;
    }
    for (const [did, amount] of reserved) {
      if (amount !== (accounts.get(`reserve/${did}`) ?? 0)) yield `seats of ${did} reserve ${amount} that is not there`;
    }
  },
  *'INV-BOND'({ accounts, needs, commits, challenges }) {
    const backed = new Set<string>();
    for (const need of needs.values())
      if (need.phase !== 'final' && need.plan?.planner != null) backed.add(`bond/plan/${need.id}`);
    for (const need of needs.values())
      if (need.lease !== null) backed.add(`bond/work/${need.id}/${need.lease.bid.worker}`);
    for (const commit of commits.values()) backed.add(`bond/work/${commit.need}/${commit.bid.worker}`);
    for (const challenge of [...challenges.values()].flat()) {
      backed.add(`bond/challenge/${challenge.id}`);
      for (const appeal of challenge.dispute?.appeals ?? []) backed.add(`bond/appeal/${appeal.id}`);
    }
    for (const account of accounts.keys())
      if (account.startsWith('bond/') && !backed.has(account)) yield `${account} backs nothing`;
  },
  *'INV-LEASE'({ needs, timers }) {
    for (const need of needs.values()) {
      if ((need.lease !== null) !== (need.phase === 'leased'))
        yield `${need.id} is ${need.phase} with lease ${need.lease !== null}`;
      const timed = timers.started.has(`lease:${need.id}`) || timers.unstarted.has(`lease:${need.id}`);
      if (timed !== (need.lease !== null))
        yield `${need.id} has ${timed ? 'a timer without lease' : 'a lease without timer'}`;
      if (need.lease?.expiresAt != null && need.deadlineAt !== null && need.lease.expiresAt > need.deadlineAt) {
        yield `${need.id} leases beyond its deadline`;
      }
      if (need.lease !== null && need.deadlinePassed) yield `${need.id} is leased after its deadline`;
    }
  },
  *'INV-COMMITTEE'(state) {
    for (const committee of state.committees.values()) {
      const seated = committee.seats.filter((seat) => seat.status === 'seated' && seat.ballot === committee.ballot);
      const entities = new Set(seated.map((seat) => seat.entity));
      const { drawn } = committee;
      // Arbiters sit by name: nobody vouches for most of them, and that makes them not one entity.
      if (drawn && entities.size !== seated.length) yield `${committee.subject} seats an entity twice`;
      const parties = partiesTo(state, committee);
      if (seated.some(({ did, entity }) => (drawn && committee.excluded.includes(entity)) || parties.has(did)))
        yield `${committee.subject} seats a party`;
      for (const field of drawn ? (['did', 'entity'] as const) : (['did'] as const))
        if (new Set(committee.seats.map((seat) => seat[field])).size < committee.seats.length)
          yield `${committee.subject} sat a ${field} twice`;
      if (seated.length > committee.n) yield `${committee.subject} has ${seated.length} seats of ${committee.n}`;
      for (const field of drawn ? (['asn', 'region'] as const) : []) {
        const cap = Math.ceil((committee.n * state.params[`${field}CapThirds`]) / 3);
        const counts = new Map<string | number, number>();
        for (const seat of seated) {
          counts.set(seat[field], (counts.get(seat[field]) ?? 0) + 1);
        }
        for (const [place, count] of counts)
          if (count > cap) yield `${committee.subject} has ${count} seats in ${field} ${place}`;
      }
    }
  },
  *'INV-SEALED'({ committees }) {
    for (const committee of committees.values()) {
      const opened = committee.phase === 'opening' || committee.phase === 'certified';
      for (const seat of committee.seats.filter(({ ballot }) => ballot === committee.ballot)) {
        if (!committee.sealed && seat.seal !== null) yield `${committee.subject} does not seal, ${seat.did} did`;
        if (committee.sealed && seat.vote !== null && (seat.seal === null || !opened))
          yield `${committee.subject} has an unsealed vote of ${seat.did}`;
      }
    }
  },
  *'INV-DISPUTE'({ challenges, committees, arbiters }) {
    for (const [commit, all] of challenges) {
      for (const { id, dispute } of all) {
        const heard = [...committees.values()].filter(({ challenge }) => challenge === id);
        const own = heard.map(({ subject }) => subject);
        if (own.includes(`jury/${id}/${dispute?.instance ?? 0}`) !== (dispute !== null))
          yield `${id} is ${dispute === null ? 'not disputed, heard' : 'disputed, not heard'}`;
        const before = committees.get(`result/${commit}`)?.seats ?? [];
        const drawn = [...before, ...heard.filter((committee) => committee.drawn).flatMap(({ seats }) => seats)];
        const named = heard.filter((committee) => !committee.drawn).flatMap(({ seats }) => seats);
        // Nobody vouches for most arbiters, and that makes them not one entity.
        for (const [field, seats] of [
          ['did', [...drawn, ...named]],
          ['entity', drawn],
        ] as const)
          if (new Set(seats.map((seat) => seat[field])).size < seats.length)
            yield `${id} is judged by a ${field} twice`;
        if (named.some(({ did }) => !arbiters.includes(did))) yield `${id} is heard by a stranger`;
      }
    }
    const live = new Set([...challenges.values()].flat().map(({ id }) => id));
    for (const { subject, challenge } of committees.values())
      if (challenge !== null && !live.has(challenge)) yield `${subject} hears nothing`;
  },
  *'INV-NEED'({ needs, commits, committees }) {
    for (const need of needs.values()) {
      yield* lostReferences(need, commits, committees);
    }
  },
  *'INV-PLAN'({ needs }) {
    for (const need of needs.values()) {
      yield* brokenPlan(need, needs);
      const root = need.parent === null ? need : needs.get(need.parent.need);
      if (root === undefined) yield `${need.id} is a task of a need that is gone`;
      else if (root !== need && !root.children.includes(need.id)) yield `${root.id} does not count ${need.id}`;
      for (const id of need.children) if (!needs.has(id)) yield `${need.id} lost its task ${id}`;
    }
  },
  *'INV-UNBONDING'({ accounts, unbondings, timers }) {
    const owned = new Set<string>([...unbondings.values()].flat().map(({ id }) => `unbonding/${id}`));
    for (const account of accounts.keys())
      if (account.startsWith('unbonding/') && !owned.has(account)) yield `${account} is nobody's`;
    for (const [did, all] of unbondings) {
      if (all.length === 0) yield `${did} has an empty list`;
      for (const { id, over } of all) {
        const runs = timers.started.has(`unbonding:${did}/${id}`) || timers.unstarted.has(`unbonding:${did}/${id}`);
        if (runs === over) yield `${id} is ${over ? 'over' : 'open'}, its period ${runs ? 'runs' : 'does not'}`;
      }
    }
  },
  *'INV-DELEGATION'(state) {
    const { accounts, delegations, committees, params } = state;
    const reserved = new Map<string, number>();
    for (const { did, shares, reserved: whole } of [...committees.values()].flatMap(({ seats }) => seats)) {
      let sum = 0;
      for (const { delegator, amount } of shares) {
        sum += amount;
        reserved.set(`delegation/${delegator}/${did}`, (reserved.get(`delegation/${delegator}/${did}`) ?? 0) + amount);
      }
      if (sum > whole) yield `a seat of ${did} has shares of ${sum} in a reserve of ${whole}`;
    }
    const known = new Set<string>();
    for (const [delegate, all] of delegations) {
      if (all.length === 0 || all.length > params.maxDelegators) yield `${delegate} has ${all.length} delegators`;
      for (const one of all) {
        const account = `delegation/${one.delegator}/${delegate}`;
        if (known.has(account)) yield `${account} is there twice`;
        known.add(account);
        if (one.reserved !== (reserved.get(account) ?? 0)) yield `${account} counts ${one.reserved} in reserve`;
      }
    }
    for (const account of [...accounts.keys(), ...reserved.keys()])
      if (account.startsWith('delegation/') && !known.has(account)) yield `${account} is nobody's`;
  },
  *'INV-HOLD'({ accounts, escrows, escrowsOpen, timers }) {
    const open = Map.groupBy(escrows.values(), ({ payer }) => payer);
    for (const did of new Set([...open.keys(), ...escrowsOpen.keys()])) {
      const [is, counted] = [open.get(did)?.length ?? 0, escrowsOpen.get(did)];
      if (counted !== is) yield `${did} has ${is} escrows open, counts ${counted}`;
    }
    for (const account of accounts.keys()) {
      if (account.startsWith('hold/') && !escrows.has(account.slice('hold/'.length) as never))
        yield `${account} is nobody's`;
    }
    for (const { id } of escrows.values()) {
      if ((accounts.get(`hold/${id}`) ?? 0) <= 0) yield `${id} holds nothing`;
      if (!timers.started.has(`hold_end:${id}`) && !timers.unstarted.has(`hold_end:${id}`)) yield `${id} never ends`;
    }
  },
  *'INV-REPUTATION'({ accounts, reputation, pairs }) {
    let sum = 0n;
    for (const [domain, all] of reputation) {
      if (all.size === 0) yield `nobody stands in ${domain}`;
      for (const [identity, points] of all) {
        if (!Number.isSafeInteger(points) || points < 1) yield `${identity} has ${points} in ${domain}`;
        sum += BigInt(Math.trunc(points));
      }
    }
    if (sum > BigInt(accounts.get('burn') ?? 0)) yield `${sum} points stand, less was burned`;
    for (const [pair, count] of pairs) if (count < 1) yield `${pair} met ${count} times`;
  },
  *'INV-TRIAL'({ trials, params, accounts }) {
    for (const [identity, count] of trials)
      if (count < 1 || count > params.trialsPerIdentity) yield `${identity} took ${count} trials`;
    if ((accounts.get('fund/trials') ?? 0) > params.trialFund) yield 'the fund of trials grew';
  },
  *'INV-HEAL'({ needs }) {
    for (const { id, adopted, orphaned, alternates } of needs.values()) {
      const makers = alternates.map(({ worker }) => worker);
      if (orphaned.some((bid) => adopted.includes(bid))) yield `${id} has a bid that is adopted and orphaned`;
      if (new Set(orphaned).size !== orphaned.length) yield `${id} has a bid that is orphaned twice`;
      if (new Set(makers).size !== makers.length) yield `${id} keeps two alternates of one maker`;
      if (alternates.some(({ bid }) => !orphaned.includes(bid))) yield `${id} keeps an alternate of no orphaned bid`;
      if (Math.max(orphaned.length, alternates.length) > 8) yield `${id} has more marked than may be`;
    }
  },
  *'INV-LIFE'({ needs, incarnation, position }) {
    for (const { id, lease } of needs.values()) {
      if (lease === null) continue;
      const { fence } = lease;
      if (fence.incarnation !== incarnation || fence.position > position)
        yield `${id} is leased under ${fence.incarnation}/${fence.position} at ${incarnation}/${position}`;
    }
  },
  *'INV-PLANT'({ plants, params }) {
    for (const [kind, { judged, repaid }] of plants)
      if (judged < 1 || repaid < 0 || repaid * 10_000 > judged * params.plantRateBps)
        yield `of ${judged} needs of ${kind} ${repaid} were repaid`;
  },
  *'INV-SUSPENDED'({ suspensions, committees }) {
    for (const { subject, seats, seeds, drawn } of committees.values())
      for (const { did, draw } of seats) {
        const suspension = suspensions.get(did);
        if (drawn && suspension?.conformedAt === null && (seeds[draw]?.asked ?? 0) > suspension.position)
          yield `${subject} drew ${did}, suspended at ${suspension.position}`;
      }
    for (const [did, { position, conformedAt }] of suspensions)
      if (conformedAt !== null && conformedAt <= position) yield `${did} conformed before it was suspended`;
  },
  *'INV-STAKE'(state) {
    for (const member of state.members.values())
      if (ownStake(state, member.did) < 0) yield `${member.did} has negative stake`;
  },
};

/** Keys that a committee must not judge. */
function partiesTo({ needs, commits }: State, { need, target }: Committee): ReadonlySet<Did | null | undefined> {
  const bid = commits.get(target as string as CommitId)?.bid;
  return new Set([needs.get(need)?.requester, bid?.worker, bid?.planner]);
}

function* lostReferences(need: Need, commits: State['commits'], committees: State['committees']): Iterable<string> {
  for (const id of need.commits) {
    if (!commits.has(id)) yield `${need.id} lost commit ${id}`;
    if (!committees.has(resultSubject(id))) yield `${id} lost its committee`;
  }
  const planned = committees.has(planSubject(need.id, need.round));
  if ((need.phase === 'bidding') !== planned)
    yield `${need.id} is ${need.phase}, plan committee ${planned ? 'there' : 'gone'}`;
}

/** How a plan breaks what holds of it: order, what each task waits for, and what all may cost. */
function* brokenPlan(need: Need, needs: State['needs']): Iterable<string> {
  const before = new Map<string, string>();
  for (const { task, after, status, need: id } of need.plan?.tasks ?? []) {
    const about = `${task} of ${need.id}`;
    if (before.has(task)) yield `${about} stands twice`;
    for (const name of after) {
      const state = before.get(name);
      if (state === undefined) yield `${about} comes after ${name}, which does not stand before it`;
      else if ((status === 'open' || status === 'done') && state !== 'done')
        yield `${about} is ${status}, ${name} is ${state}`;
    }
    before.set(task, status);
    const phase = needs.get(id)?.phase ?? 'final';
    const lives = need.phase !== 'final' && need.phase !== 'bidding';
    if (lives && (status === 'waiting') !== (phase === 'waiting')) yield `${about} is ${status} and its need ${phase}`;
    if (lives && (status === 'open') === (phase === 'final' || phase === 'waiting'))
      yield `${about} is ${status} and its need ${phase}`;
  }
  const children = need.children.map((id) => needs.get(id)?.pricePool ?? 0);
  const held = children.reduce((sum, pool) => sum + pool, need.pricePool);
  if (held > need.body.priceCap) yield `${need.id} and its tasks hold ${held} for the price, over its cap`;
}
