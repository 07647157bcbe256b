import { type Need, rankedBids, type State, seatedOf, workBond, workFunds } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { Transport } from '@canswarm/ports';
import type { CommitId, Did, NeedId } from '@canswarm/protocol';
import type { Hindrance } from '../need/hindrance.ts';
import { bidsIn, type SaidBid, type SaidVote, votesIn } from '../need/said.ts';
import { BLANK_SHEET, type NeedSheet, sheetAfter } from '../need/sheet.ts';
import { whyFailed } from '../need/why-failed.ts';
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
  readonly bids: readonly (SaidBid & { readonly name: string; readonly org: string | null })[];
  readonly votes: readonly SaidVote[];
  readonly lease: HeardLease | null;
  readonly hindrances: readonly Hindrance[];
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
    const heard = need === undefined ? [] : heardBids(state, node, need);
    const bids = heard.length > 0 ? heard : (sheet.auction?.bids ?? []);
    return {
      needId: record.id,
      time: state.time,
      bids: bids.map((bid) => ({ ...bid, name: this.nameOf(bid.by), org: orgOf(state, bid.by) })),
      votes: need === undefined ? [] : heardVotes(state, node, need),
      lease: need === undefined ? null : leaseOf(need, node),
      hindrances: await this.#hindrances(record, sheet, bids.length, found),
    };
  }

  async #hindrances(
    record: NeedRecord,
    sheet: NeedSheet,
    bids: number,
    found: Awaited<ReturnType<KnownOffers['found']>>,
  ): Promise<readonly Hindrance[]> {
    const { body, stage, requester, reason } = record;
    if (stage === 'final') return [];
    const { deadlineMs, windows, skill, priceCap } = body;
    const { node, file, transport, home, time } = this.#options;
    const failed = whyFailed({ sheet, stage, deadlineMs, leaseMs: windows.leaseMs, bids, still: time.look() });
    const { state } = node;
    // While bids may still come in the first round, none is no sign of anything.
    const isEarly = stage === 'open' || (stage === 'bidding' && (sheet.auction?.round ?? 1) === 1);
    const isUnbid = bids === 0 && sheet.attempts.length === 0 && !isEarly;
    const isAsked = reason === null ? BEFORE_CHOICE.has(stage) : stage !== 'cancelled';
    if (!isUnbid || !isAsked) return failed;
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
    return [...unbid, ...failed.filter(({ code }) => code !== 'deadline_passed')];
  }
}

/** Bids of the present round that count, as every seat ranks them. */
function heardBids(state: State, node: Node, need: Need): readonly SaidBid[] {
  const said = new Map(bidsIn(node.heard.proposals(need.id, need.round)).map((bid) => [bid.id, bid]));
  return rankedBids(state, node.heard, need).flatMap(({ id }) => said.get(id) ?? []);
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
