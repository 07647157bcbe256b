import type { NeedRecord } from '@canswarm/api';
import type { NeedSheet } from 'canswarm';
import { bytes, oneLine, short } from '../text.ts';
import { adviceOf } from './advice.ts';
import { committeeLines } from './committee-lines.ts';
import { type Line, period, wrapped } from './line.ts';
import { Names } from './names.ts';
import { planLines, tasksText } from './plan-lines.ts';
import {
  auctionLines,
  countdown,
  type Looking,
  leaseLines,
  moneyLines,
  progressLine,
  stageText,
} from './scene-lines.ts';
import type { SeenOutlook, ViewEvent } from './view-event.ts';

/** Folds entries into what stands; of the library, which is loaded late. */
export interface Folding {
  readonly BLANK_SHEET: NeedSheet;
  readonly sheetAfter: (sheet: NeedSheet, entry: Extract<ViewEvent, { type: 'entry' }>) => NeedSheet;
}

type Progress = Extract<ViewEvent, { type: 'progress' }>;

/** Below this width labels stand close to the edge. */
const NARROW = 60;
const HINTS_SHOWN = 2;

/** What stands on the screen while a need lives: its present state in a few lines, from events alone. */
export class Scene {
  readonly names = new Names();
  readonly #folding: Folding;
  #documents: string | null = null;
  #record: NeedRecord | null = null;
  #sheet: NeedSheet;
  #outlook: SeenOutlook | null = null;
  #progress: Progress | null = null;
  /** Log time, and the local time at which it was heard. */
  #time = { log: 0, local: 0 };

  constructor(folding: Folding) {
    this.#folding = folding;
    this.#sheet = folding.BLANK_SHEET;
  }

  /** @param local a clock that goes at the rate of real time, ms */
  take(event: ViewEvent, local: number): void {
    this.names.learn(event);
    switch (event.type) {
      case 'scanning':
        this.#documents = `reading documents ${event.done}/${event.total}`;
        return;
      case 'scanned':
        this.#documents = `${event.documents} documents, ${bytes(event.bytes)}`;
        return;
      case 'need':
        this.#record = event.record;
        return;
      case 'outlook':
        this.#outlook = event.outlook;
        this.#heardTime(event.outlook.time, local);
        return;
      case 'progress':
        this.#progress = event;
        return;
      case 'entry':
        this.#sheet = this.#folding.sheetAfter(this.#sheet, event);
        this.#heardTime(event.time, local);
        if (this.#sheet.lease === null) this.#progress = null;
        return;
      default:
        return;
    }
  }

  /** The lines to show; each is to be cut to `columns`. */
  lines(columns: number, local: number): readonly Line[] {
    const [indent, labelCells] = columns < NARROW ? ['', 8] : ['  ', 10];
    const room = Math.max(10, columns - indent.length - labelCells);
    const rows = this.#rows({
      sheet: this.#sheet,
      outlook: this.#outlook,
      names: this.names,
      columns: room,
      now: this.#time.log + Math.max(0, local - this.#time.local),
    });
    return rows.flatMap(([label, lines]) =>
      lines.map((line, at): Line => [['dim', `${indent}${(at === 0 ? label : '').padEnd(labelCells)}`], ...line]),
    );
  }

  #rows(looking: Looking): readonly (readonly [label: string, lines: readonly Line[]])[] {
    const { sheet, outlook, names, columns } = looking;
    const votes = outlook?.votes ?? [];
    const { plan, result, window, lease } = sheet;
    const judging = lease === null ? result : null;
    const progress = this.#progress === null || lease === null ? [] : [progressLine(this.#progress, columns)];
    return [
      ['need', this.#needLines(looking)],
      ['input', this.#documents === null ? [] : [[this.#documents]]],
      ['now', [[[sheet.ended === null || sheet.ended.reason === 'final' ? 'bold' : 'red', this.#stage(looking)]]]],
      ['auction', auctionLines(looking)],
      ['plan', plan === null ? [] : committeeLines(plan, votes, names, columns)],
      ['tasks', planLines(this.#record?.plan ?? null, names, columns).slice(0, -1)],
      ['lease', [...leaseLines(looking), ...progress]],
      ['result', judging === null ? [] : committeeLines(judging, votes, names, columns)],
      ['window', window === null ? [] : [countdown(window, looking)]],
      ['money', sheet.position === 0 ? [] : moneyLines(looking)],
      ['hint', this.#hints(columns)],
    ];
  }

  /** A need whose own work has not begun waits for the tasks of its plan. */
  #stage(looking: Looking): string {
    const { ended, lease, result } = looking.sheet;
    const waits = ended === null && lease === null && result === null;
    return (waits ? tasksText(this.#record?.plan ?? null) : null) ?? stageText(looking);
  }

  #needLines({ now }: Looking): readonly Line[] {
    if (this.#record === null) return [];
    const { id, body } = this.#record;
    const { settled, startedAt } = this.#sheet;
    const goal = body.goal === null ? '' : `: ${oneLine(body.goal)}`;
    const age = settled || startedAt === null ? '' : ` ${period(now - startedAt)}`;
    return [[['bold', short(id)], ['dim', age], ` ${oneLine(body.skill)}${goal}`]];
  }

  #hints(columns: number): readonly Line[] {
    const hindrances = this.#outlook?.hindrances ?? [];
    return hindrances.slice(-HINTS_SHOWN).flatMap((one) => {
      const { what, todo } = adviceOf(one, this.names);
      return wrapped(todo === '' ? what : `${what}. ${todo}`, columns).map((text): Line => [['yellow', text]]);
    });
  }

  #heardTime(log: number, local: number): void {
    if (log > this.#time.log) this.#time = { log, local };
  }
}
