import { type JudgedBid, judgedBids, type Need, type State, seatedOf, workBond, workFunds } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { Transport } from '@canswarm/ports';
import type { CommitId, Did, NeedId } from '@canswarm/protocol';
import type { Hindrance } from '../need/hindrance.ts';
import { everyBid, type SaidBid, type SaidVote, votesIn } from '../need/said.ts';
import { BLANK_SHEET, type NeedSheet, sheetAfter } from '../need/sheet.ts';
import { whyFailed } from '../need/why-failed.ts';
import { counts, whyLost } from '../need/why-lost.ts';
import { whyUnbid } from '../need/why-unbid.ts';
import type { AgentDesk } from './attach/agent-desk.ts';
import type { HomeNodes } from './home-nodes.ts';
import { KnownOffers, orgOf } from './known-offers.ts';
import type { NeedBook, NeedRecord } from './need-book.ts';
import type { NodeFile } from './node-file.ts';
import type { TimeWatch } from './time-watch.ts';

/** What a node heard of a need and makes of it. */
export interface Outlook {
  readonly needId: NeedId;
  readonly time: number;
  readonly bids: readonly (JudgedSaid & { readonly name: string; readonly org: string | null })[];
  readonly votes: readonly SaidVote[];
  readonly lease: HeardLease | null;
  readonly hindrances: readonly Hindrance[];
}

/** A bid, and what became of it as this node judges it. */
interface JudgedSaid extends SaidBid {
  /** Null: only the log tells of it, which holds no scores. */
  readonly score: number | null;
  readonly lost: JudgedBid['lost'];
}

interface Bids {
  readonly bids: readonly JudgedSaid[];
  readonly refused: readonly { readonly code: string; readonly bidders: number }[];
}

interface HeardLease {
  readonly attempt: number;
  readonly holder: Did;
  readonly expiresAt: number | null;
  readonly renewals: number;
  readonly aliveMs: number | null;
}

export interface LooksOptions {
  readonly node: Node;
  readonly book: NeedBook;
  readonly file: Pick<NodeFile, 'agents'>;
  readonly agents: AgentDesk;
  readonly transport: Pick<Transport, 'peers'>;
  readonly home: Pick<HomeNodes, 'offers'>;
  readonly time: Pick<TimeWatch, 'look'>;
  readonly nameOf: (did: Did) => string;
}

/** Stages before anybody has the task. */
const BEFORE_CHOICE: ReadonlySet<string> = new Set(['open', 'bidding', 'choosing']);

/** Says of needs what the log does not: what this node heard, and what stands in their way. */
export class Looks {
  readonly #options: LooksOptions;
  readonly #offers: KnownOffers;

  constructor(options: LooksOptions) {
    this.#options = options;
    this.#offers = new KnownOffers(options.agents);
  }

  /** What to call a key: agents of peers by the name that they told last. */
  nameOf(did: Did): string {
    return this.#offers.nameOf(did) ?? this.#options.nameOf(did);
  }

  async at(record: NeedRecord): Promise<Outlook> {
    const found = await this.#offers.found();
    const { node, book } = this.#options;
    const { state } = node;
    const sheet = book.events(record.id).reduce(sheetAfter, BLANK_SHEET);
    const need = state.needs.get(record.id);
    const heard = bidsHeard(node, record.id, sheet);
    const { bids } = heard;
    return {
      needId: record.id,
      time: state.time,
      bids: bids.map((bid) => ({ ...bid, name: this.nameOf(bid.by), org: orgOf(state, bid.by) })),
      votes: need === undefined ? [] : heardVotes(state, node, need),
      lease: need === undefined ? null : leaseOf(need, node),
      hindrances: await this.#hindrances(record, sheet, heard, found),
    };
  }

  async #hindrances(
    record: NeedRecord,
    sheet: NeedSheet,
    { bids, refused }: Bids,
    found: Awaited<ReturnType<KnownOffers['found']>>,
  ): Promise<readonly Hindrance[]> {
    const { body, stage, requester, reason } = record;
    if (stage === 'final') return [];
    const { deadlineMs, windows, skill, priceCap } = body;
    const { node, file, transport, home, time } = this.#options;
    const counting = bids.filter(counts).length;
    const failed = whyFailed({
      sheet,
      stage,
      deadlineMs,
      leaseMs: windows.leaseMs,
      bids: counting,
      still: time.look(),
    });
    const { state } = node;
    // While bids may still come in the first round, none is no sign of anything.
    const isEarly = stage === 'open' || (stage === 'bidding' && (sheet.auction?.round ?? 1) === 1);
    const isUnbid = counting === 0 && sheet.attempts.length === 0 && !isEarly;
    const isAsked = reason === null ? BEFORE_CHOICE.has(stage) : stage !== 'cancelled';
    if (!isUnbid || !isAsked) return failed;
    const rest = failed.filter(({ code }) => code !== 'deadline_passed');
    const causes = whyLost(bids, refused);
    if (causes.length > 0) return [{ code: 'bids_lost', causes, bond: workBond(state, { body, level: 1 }) }, ...rest];
    const { offers: told, skills } = this.#offers.of(skill, { own: file.agents, found, state });
    const known = new Set(told.map(({ did }) => did));
    const offers = [...told, ...(await home.offers(skill, state)).filter(({ did }) => !known.has(did))];
    const unbid = whyUnbid({
      skill,
      priceCap,
      bidMs: windows.bidMs,
      capSealed: body.capSealed,
      isHired: body.class === 'agent',
      org: orgOf(state, requester),
      bond: workBond(state, { body, level: 1 }),
      funds: workFunds(state, { body, level: 1 }),
      offers,
      skills,
      peers: transport.peers().length,
    });
    return [...unbid, ...rest];
  }
}

/**
 * Bids of the present round as seats would judge them now; of a round that is decided as they stood then; of one that this node heard nothing of,
 * those that the log shows.
 */
function bidsHeard({ state, heard, auctions }: Node, id: NeedId, sheet: NeedSheet): Bids {
  const need = state.needs.get(id);
  const now = need?.phase === 'bidding' ? judgedBids(state, heard, need) : [];
  if (now.length > 0) return { bids: saidOf(now), refused: auctions.refused(id) };
  const before = auctions.auction(id);
  if (before !== null) return { bids: saidOf(before.bids), refused: before.refused };
  const shown = (sheet.auction?.bids ?? []).map((bid) => ({ ...bid, score: null, lost: null }));
  return { bids: shown, refused: auctions.refused(id) };
}

function saidOf(judged: readonly JudgedBid[]): readonly JudgedSaid[] {
  return judged.flatMap(({ envelope, score, lost }) => everyBid([envelope]).map((bid) => ({ ...bid, score, lost })));
}

/** Votes of seats in the present ballots of the need's committees. */
function heardVotes(state: State, { heard }: Node, need: Need): readonly SaidVote[] {
  const targets: readonly (NeedId | CommitId)[] = [need.id, ...need.commits];
  return targets.flatMap((target) =>
    votesIn(heard.votes(need.id, target)).filter(({ subject, ballot, seat }) => {
      const committee = state.committees.get(subject as `plan/${string}`);
      return committee?.ballot === ballot && seatedOf(committee).some(({ did }) => did === seat);
    }),
  );
}

function leaseOf(need: Need, { heard }: Node): HeardLease | null {
  const { lease, id } = need;
  if (lease === null) return null;
  const { attempt, expiresAt, renewals, bid } = lease;
  const aliveAt = heard.aliveAt(id, attempt);
  return {
    attempt,
    holder: bid.worker,
    expiresAt,
    renewals,
    aliveMs: aliveAt === 0 ? null : Math.max(0, Date.now() - aliveAt),
  };
}
