import type { BriefEvent } from 'canswarm';
import { bytes, count, creditsOf, oneLine } from '../text.ts';
import type { Names } from './names.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;
type KernelEvent = Entry['events'][number];

/** One thing worth a line, and whether it is good, bad or neither. */
export interface Remark {
  readonly tone: 'plain' | 'good' | 'bad';
  readonly text: string;
}

const plain = (text: string): Remark => ({ tone: 'plain', text });
const good = (text: string): Remark => ({ tone: 'good', text });
const bad = (text: string): Remark => ({ tone: 'bad', text });

/** What an event of a brief has to say to people; most have nothing. */
export function remarksOn(event: BriefEvent, names: Names): readonly Remark[] {
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
      return event.note.startsWith(FAILED) ? [bad(`the skill of ${event.role} ${oneLine(event.note)}`)] : [];
    default:
      return [];
  }
}

/** How the note of a failed skill begins. */
const FAILED = 'failed: ';

function remarksOnEntry(entry: Entry, names: Names): readonly Remark[] {
  const told = [...tellSeats(entry), ...entry.events.flatMap((one) => remarksOnKernel(one, names))];
  const judged = entry.events.some(({ type }) => type === 'certified');
  return judged ? [...told, ...entry.reasons.map((reason) => bad(`  because: ${oneLine(reason)}`))] : told;
}

/** Seats drawn by one entry, told together. */
function tellSeats({ events }: Entry): readonly Remark[] {
  const bySubject = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'seated') bySubject.set(event.subject, (bySubject.get(event.subject) ?? 0) + 1);
  }
  return [...bySubject].map(([subject, seats]) => {
    const redraw = events.some((event) => event.type === 'seated' && event.subject === subject && event.draw > 0);
    const committee = subject.startsWith('plan/') ? 'to choose a worker' : 'to judge the result';
    return redraw
      ? bad(`${count(seats, 'seat')} drawn again ${committee}`)
      : plain(`${count(seats, 'seat')} drawn ${committee}`);
  });
}

function remarksOnKernel(event: KernelEvent, names: Names): readonly Remark[] {
  switch (event.type) {
    case 'bidding_opened':
      return [plain(event.round === 1 ? 'bidding is open' : `bidding is open, round ${event.round}`)];
    case 'need_decided':
      return [
        plain(
          event.winner === null
            ? 'decided: nobody bid'
            : `decided, ${count(event.runnersUp, 'runner-up', 'runners-up')} kept`,
        ),
      ];
    case 'lease_granted':
      return [plain(`attempt ${event.attempt}: ${names.of(event.holder)} works for ${creditsOf(event.price)}`)];
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
    case 'slashed':
      return [bad(`${names.of(event.did)} loses ${creditsOf(event.amount)}: ${oneLine(event.cause)}`)];
    case 'bidding_reopened':
      return [bad(`bidding opens again, round ${event.round}`)];
    case 'finalized':
      return [good(`final: ${names.of(event.worker)} is paid`)];
    case 'need_settled':
      return [good('seats are paid, nothing is left in escrow')];
    default:
      return [];
  }
}
