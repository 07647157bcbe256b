import { bytes, count, creditsOf, oneLine } from '../text.ts';
import { reasonsBySeats } from './advice.ts';
import { period } from './line.ts';
import type { Names } from './names.ts';
import type { ViewEvent } from './view-event.ts';

type Entry = Extract<ViewEvent, { type: 'entry' }>;
type KernelEvent = Entry['events'][number];

/** One thing worth a line, and whether it is good, bad or neither. */
export interface Remark {
  readonly tone: 'plain' | 'good' | 'bad';
  readonly text: string;
}

const plain = (text: string): Remark => ({ tone: 'plain', text });
const good = (text: string): Remark => ({ tone: 'good', text });
const bad = (text: string): Remark => ({ tone: 'bad', text });

/** What an event of a need's life has to say to people; most have nothing. */
export function remarksOn(event: ViewEvent, names: Names): readonly Remark[] {
  switch (event.type) {
    case 'scanned': {
      const { documents, skipped } = event;
      const left = skipped.length === 0 ? '' : `; ${count(skipped.length, 'file')} skipped`;
      return [plain(`read ${count(documents, 'document')}, ${bytes(event.bytes)}${left}`)];
    }
    case 'posted':
      return [plain(`need posted, ${creditsOf(event.escrow)} in escrow`)];
    case 'entry':
      return event.accepted ? remarksOnEntry(event, names) : [];
    case 'progress':
      return event.note.startsWith(FAILED) ? [bad(`the skill of ${oneLine(event.role)} ${oneLine(event.note)}`)] : [];
    default:
      return [];
  }
}

/** How the note of a failed skill begins. */
const FAILED = 'failed: ';

function remarksOnEntry(entry: Entry, names: Names): readonly Remark[] {
  return [
    ...tellSeats(entry),
    ...tellBids(entry, names),
    ...entry.events.flatMap((one) => [...remarksOnKernel(one, names), ...tellReasons(one, entry, names)]),
  ];
}

/** The bids that a decision shows, the best first. */
function tellBids({ bids, events }: Entry, names: Names): readonly Remark[] {
  if (!events.some(({ type }) => type === 'need_decided')) return [];
  return bids.map(({ by, price, etaMs }) =>
    plain(`  bid: ${names.full(by)} for ${creditsOf(price)}, within ${period(etaMs)}`),
  );
}

/** Why seats did not pass a result, and which; or why a worker gave the task back. */
function tellReasons({ type }: KernelEvent, { votes, reasons, verb }: Entry, names: Names): readonly Remark[] {
  const said = type === 'certified' ? votes.map(({ seat: by, reasons: why }) => ({ by, reasons: why })) : [];
  const given = type === 'lease_lost' && verb === 'YIELD' ? [{ by: null, reasons }] : [];
  return reasonsBySeats([...said, ...given], names).map((reason) => bad(`  because: ${reason}`));
}

/** Seats drawn by one entry, told together. */
function tellSeats({ events }: Entry): readonly Remark[] {
  const bySubject = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'seated') bySubject.set(event.subject, (bySubject.get(event.subject) ?? 0) + 1);
  }
  return [...bySubject].map(([subject, seats]) => {
    const redraw = events.some((event) => event.type === 'seated' && event.subject === subject && event.draw > 0);
    const committee = purposeOf(subject);
    return redraw
      ? bad(`${count(seats, 'seat')} drawn again ${committee}`)
      : plain(`${count(seats, 'seat')} drawn ${committee}`);
  });
}

/** What seats of a subject are drawn for. */
function purposeOf(subject: string): string {
  if (subject.startsWith('plan/')) return 'to choose a worker';
  return subject.startsWith('jury/') ? 'to hear the challenge' : 'to judge the result';
}

function remarksOnKernel(event: KernelEvent, names: Names): readonly Remark[] {
  switch (event.type) {
    case 'bidding_opened':
      return [plain(event.round === 1 ? 'bidding is open' : `bidding is open, round ${event.round}`)];
    case 'need_decided':
      return [
        plain(
          event.winner === null
            ? 'decided: no bid was chosen'
            : `decided, ${count(event.runnersUp, 'runner-up', 'runners-up')} kept`,
        ),
      ];
    case 'lease_granted':
      return [plain(`attempt ${event.attempt}: ${names.full(event.holder)} works for ${creditsOf(event.price)}`)];
    case 'lease_lost':
      return [bad(`${names.of(event.holder)} lost the task: ${event.reason}`)];
    case 'committed':
      return [plain(`${names.of(event.worker)} committed a result`)];
    case 'certified': {
      const text = `result judged: ${event.verdict}, by ${count(event.votes, 'vote')}`;
      return [event.verdict === 'pass' ? good(text) : bad(text)];
    }
    case 'window_opened':
      return [plain('open to challenge')];
    case 'seat_silent':
      return [bad(`${names.of(event.did)} did not vote in time`)];
    case 'challenge_sealed':
      return [bad(`${names.of(event.challenger)} challenges the result (${event.class})`)];
    case 'challenge_judged': {
      const text = `challenge by ${names.of(event.challenger)} ${event.upheld ? 'upheld' : 'dismissed'}: ${oneLine(event.reason)}`;
      return [bad(text)];
    }
    case 'challenge_lapsed':
      return [
        bad(`challenge by ${names.of(event.challenger)} (${event.class}) was not opened in time: its bond burns`),
      ];
    case 'dispute_opened':
    case 'instance_opened':
    case 'instance_ruled':
    case 'instance_failed':
    case 'appealed':
      return remarksOnDispute(event, names);
    case 'slashed':
      return [bad(`${names.of(event.did)} loses ${creditsOf(event.amount)}: ${oneLine(event.cause)}`)];
    case 'cap_opened': {
      const back = event.refund === 0 ? '' : `, ${creditsOf(event.refund)} set aside above it came back`;
      return [plain(`the sealed cap is opened: ${creditsOf(event.cap)} at most for the work${back}`)];
    }
    case 'bidding_reopened':
      return [bad(`bidding opens again, round ${event.round}`)];
    case 'finalized':
      return [good(`final: ${names.of(event.worker)} is paid`)];
    case 'undecided':
      return [bad(`nobody could tell: ${names.of(event.worker)} gets ${creditsOf(event.paid)}`)];
    case 'draw_relaxed':
      return [bad(`few judge while the network is in bootstrap: ${event.k} of ${event.n} seats decide`)];
    case 'draw_waiting':
      return [bad(`${count(event.eligible, 'organisation')} could sit, too few for a committee: waiting`)];
    case 'need_closed': {
      if (event.reason === 'final') return [];
      const how = event.status === 'cancelled' ? 'taken back' : `${event.status}: ${oneLine(event.reason)}`;
      return [bad(`${how}; ${creditsOf(event.refund)} of the price came back`)];
    }
    case 'need_settled':
      return [good(`nothing is left in escrow, ${creditsOf(event.refund)} of the fees came back`)];
    default:
      return [];
  }
}

type DisputeEvent = Extract<
  KernelEvent,
  { type: 'dispute_opened' | 'instance_opened' | 'instance_ruled' | 'instance_failed' | 'appealed' }
>;

/** Each instance of a dispute, as it comes and goes. */
function remarksOnDispute(event: DisputeEvent, names: Names): readonly Remark[] {
  switch (event.type) {
    case 'dispute_opened':
      return [bad(`the challenge is opened: a jury decides, or arbiters (${event.class})`)];
    case 'instance_opened': {
      const who = event.by === 'jury' ? `a jury of ${event.seats}` : count(event.seats, 'arbiter');
      return [plain(`instance ${event.instance}: ${who} to hear the challenge`)];
    }
    case 'instance_ruled': {
      const what = event.ruling === 'uphold' ? 'upholds the challenge' : 'dismisses the challenge';
      return [bad(`instance ${event.instance} ${what}, by ${count(event.votes, 'vote')}`)];
    }
    case 'instance_failed':
      return [bad(`instance ${event.instance} came to nothing: ${oneLine(event.reason)}`)];
    case 'appealed':
      return [bad(`${names.of(event.appellant)} appeals: instance ${event.instance} is to hear it`)];
  }
}
