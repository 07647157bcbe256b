import type { BriefEvent } from 'canswarm';
import { bytes, credits, creditsOf, cut, oneLine } from '../text.ts';
import type { Names } from './names.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;
type KernelEvent = Entry['events'][number];

const BAR_CELLS = 20;

/** A period of log time that people may watch pass. */
interface Period {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

/** What stands on the screen while a brief is made: the present state in a few lines, from events alone. */
export class Scene {
  #documents = 'reading documents';
  #stage = 'starting the network';
  #worker: string | null = null;
  #work: { readonly role: string; readonly done: number; readonly total: number; readonly note: string } | null = null;
  #seats = 0;
  #votes = 0;
  #matching = 0;
  #committee: string | null = null;
  #period: Period | null = null;
  #time = 0;
  #entries = 0;
  #escrow = 0;
  #paid = 0;
  #burned = 0;

  take(event: BriefEvent, names: Names): void {
    switch (event.type) {
      case 'scanning':
        this.#documents = `reading documents ${event.done}/${event.total}`;
        break;
      case 'scanned':
        this.#documents = `${event.documents} documents, ${bytes(event.bytes)}`;
        break;
      case 'progress':
        this.#work = event;
        break;
      case 'entry':
        this.#entries = event.position;
        this.#time = Math.max(this.#time, event.time);
        if (event.accepted) for (const one of event.events) this.#change(one, names);
        break;
      default:
        break;
    }
  }

  #change(event: KernelEvent, names: Names): void {
    switch (event.type) {
      case 'posting':
        this.#count(event);
        break;
      case 'draw_pending':
        this.#stage = event.subject.startsWith('plan/')
          ? 'drawing seats to choose a worker'
          : 'drawing seats to judge the result';
        this.#newCommittee(event.draw === 0 ? null : this.#committee);
        this.#work = null;
        break;
      case 'seated':
        this.#committee = event.subject.startsWith('plan/') ? 'plan seats' : 'result seats';
        this.#seats += 1;
        this.#stage = event.subject.startsWith('plan/') ? 'auction' : 'judging the result';
        break;
      case 'votes_recorded':
        this.#votes += event.count;
        this.#matching = event.matching;
        break;
      case 'bidding_opened':
        this.#stage = 'auction: bids are taken';
        this.#period = { name: 'bid window', from: this.#time, until: event.closesAt };
        break;
      case 'lease_granted':
        this.#stage = `attempt ${event.attempt}: the work is done`;
        this.#worker = `${names.of(event.holder)} for ${creditsOf(event.price)}`;
        this.#work = null;
        break;
      case 'lease_started':
        this.#period = { name: 'lease', from: this.#time, until: event.expiresAt };
        break;
      case 'window_opened':
        this.#stage = 'open to challenge';
        this.#period = { name: 'challenge window', from: this.#time, until: event.closesAt };
        break;
      case 'finalized':
        this.#stage = 'final; seats are paid after the hold';
        this.#period = null;
        this.#work = null;
        break;
      case 'need_settled':
        this.#stage = 'settled';
        break;
      default:
        break;
    }
  }

  #newCommittee(name: string | null): void {
    this.#committee = name;
    if (name === null) [this.#seats, this.#votes, this.#matching] = [0, 0, 0];
    this.#period = null;
  }

  #count({ credit, debit, amount }: Extract<KernelEvent, { type: 'posting' }>): void {
    if (credit.startsWith('escrow/')) this.#escrow += amount;
    if (debit.startsWith('escrow/')) this.#escrow -= amount;
    if (debit.startsWith('escrow/') && credit.startsWith('free/')) this.#paid += amount;
    if (credit === 'burn') this.#burned += amount;
  }

  /** The lines to show, each at most `columns` wide. */
  lines(columns: number): readonly string[] {
    const rows = [
      ['documents', this.#documents],
      ['now', this.#stage],
      ['window', this.#periodText()],
      ['worker', this.#worker ?? ''],
      ['work', this.#workText()],
      [
        'votes',
        this.#committee === null
          ? ''
          : `${this.#committee}: ${this.#seats} seated, ${this.#votes} voted, ${this.#matching} agree`,
      ],
      ['money', `escrow ${credits(this.#escrow)}, paid out ${credits(this.#paid)}, burned ${credits(this.#burned)}`],
      ['log', `${this.#entries} entries`],
    ];
    return rows.map(([name = '', text = '']) => cut(`  ${name.padEnd(10)}${text}`, columns));
  }

  #periodText(): string {
    if (this.#period === null) return '';
    const { name, from, until } = this.#period;
    const share = until <= from ? 1 : Math.min(1, Math.max(0, (this.#time - from) / (until - from)));
    return `${bar(share)} ${name}, ${Math.max(0, (until - this.#time) / 1000).toFixed(1)} s left`;
  }

  #workText(): string {
    if (this.#work === null || this.#work.total <= 0) return '';
    const { role, done, total, note } = this.#work;
    return `${bar(done / total)} ${role}: ${oneLine(note)}`;
  }
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}
