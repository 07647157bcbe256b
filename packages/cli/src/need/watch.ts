import { columnsOf, type Io, isLive, painter } from '../io.ts';
import { cut } from '../text.ts';
import { rendered } from './line.ts';
import { Names } from './names.ts';
import { type Folding, Scene } from './scene.ts';
import { type Remark, remarksOn } from './story.ts';
import type { ViewEvent } from './view-event.ts';

/** Shows a need's life. `end` leaves the terminal as it was found; so does an interrupt, at once. */
export interface Watch {
  /** Whether what is only heard is shown too: on a terminal. */
  readonly live: boolean;
  see(event: ViewEvent): void;
  end(): void;
}

const CSI = '\x1b[';
/** No cursor, and long lines are cut off: a wrapped line would spoil the count of lines to go back. */
const BEGIN = `${CSI}?25l${CSI}?7l`;
const END = `${CSI}?7h${CSI}?25h`;
const CLEAR_LINE = `${CSI}K`;
const CLEAR_DOWN = `${CSI}J`;
const CLEAR_SCREEN = `${CSI}H${CSI}2J`;
/** Least time between two redraws, and between two that only show time passing, ms. */
const REDRAW_MS = 80;
const TICK_MS = 250;
const COLUMNS = 80;
const ROWS = 24;
/** Remarks kept for a screen that is drawn anew. */
const REMARKS_KEPT = 200;

const SILENT: Watch = { live: false, see: () => undefined, end: () => undefined };

/** On a terminal a few lines that are redrawn below what happened; elsewhere what happened, line by line; or nothing. */
export function watch(io: Io, folding: Folding, quiet: boolean): Watch {
  if (quiet) return SILENT;
  return isLive(io, io.err) ? new LiveWatch(io, folding) : new PlainWatch(io);
}

function styled(io: Io, { tone, text }: Remark): string {
  const paint = painter(io, io.err);
  if (tone === 'plain') return text;
  return tone === 'good' ? paint('green', text) : paint('red', text);
}

class PlainWatch implements Watch {
  readonly live = false;
  readonly #io: Io;
  readonly #names = new Names();

  constructor(io: Io) {
    this.#io = io;
  }

  see(event: ViewEvent): void {
    this.#names.learn(event);
    for (const remark of remarksOn(event, this.#names)) this.#io.err.write(`${styled(this.#io, remark)}\n`);
  }

  end(): void {}
}

class LiveWatch implements Watch {
  readonly live = true;
  readonly #io: Io;
  readonly #scene: Scene;
  readonly #timer: NodeJS.Timeout;
  readonly #onResize = (): void => this.#drawAnew();
  readonly #onAbort = (): void => this.end();
  /** The last of what happened, for a screen that is drawn anew. */
  readonly #remarks: Remark[] = [];
  readonly #stopListening: () => void;
  #drawn = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor(io: Io, folding: Folding) {
    this.#io = io;
    this.#scene = new Scene(folding);
    io.err.write(BEGIN);
    io.err.on?.('resize', this.#onResize);
    io.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#stopListening =
      io.onSuspend?.(
        () => this.#leave(),
        () => this.#comeBack(),
      ) ?? (() => undefined);
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
    if (io.signal.aborted) this.end();
  }

  see(event: ViewEvent): void {
    if (this.#ended) return;
    const now = performance.now();
    this.#scene.take(event, now);
    const remarks = remarksOn(event, this.#scene.names);
    this.#remarks.push(...remarks);
    this.#remarks.splice(0, this.#remarks.length - REMARKS_KEPT);
    if (remarks.length === 0 && now - this.#drawnAt < REDRAW_MS) return;
    this.#draw(this.#back(), remarks, now);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#io.err.off?.('resize', this.#onResize);
    this.#io.signal.removeEventListener('abort', this.#onAbort);
    this.#stopListening();
    this.#leave();
  }

  #leave(): void {
    this.#io.err.write(`${this.#back()}${CLEAR_DOWN}${END}`);
    this.#drawn = 0;
  }

  #comeBack(): void {
    this.#io.err.write(BEGIN);
    this.#draw('', [], performance.now());
  }

  #tick(): void {
    const now = performance.now();
    if (this.#drawn > 0 && now - this.#drawnAt >= TICK_MS / 2) this.#draw(this.#back(), [], now);
  }

  /** A terminal of another size may have folded lines: the count of lines to go back is not known any more. */
  #drawAnew(): void {
    if (this.#drawn === 0) return;
    const now = performance.now();
    const room = this.#rows() - 1 - this.#lines(now).length;
    this.#draw(CLEAR_SCREEN, room <= 0 ? [] : this.#remarks.slice(-room), now);
  }

  #draw(from: string, remarks: readonly Remark[], now: number): void {
    const { err } = this.#io;
    const columns = this.#columns();
    const told = remarks.map((remark) => styled(this.#io, { ...remark, text: cut(remark.text, columns) }));
    const lines = this.#lines(now);
    err.write(`${from}${[...told, ...lines].map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_DOWN}`);
    this.#drawn = lines.length;
    this.#drawnAt = now;
  }

  /** The scene, without what does not fit on the screen: that could not be gone back to. */
  #lines(now: number): readonly string[] {
    const columns = this.#columns();
    const paint = painter(this.#io, this.#io.err);
    const lines = this.#scene.lines(columns, now).slice(0, Math.max(1, this.#rows() - 1));
    return lines.map((line) => rendered(line, columns, paint));
  }

  #columns(): number {
    return Math.max(1, columnsOf(this.#io.err, COLUMNS) - 1);
  }

  #rows(): number {
    return this.#io.err.rows ?? ROWS;
  }

  /** Back to the first line drawn. Lines are written over, not cleared first: nothing flickers. */
  #back(): string {
    return this.#drawn === 0 ? '' : `${CSI}${this.#drawn}A\r`;
  }
}
