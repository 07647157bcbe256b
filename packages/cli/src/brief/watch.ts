import type { BriefEvent } from 'canswarm';
import { type Io, isLive, painter } from '../io.ts';
import { cut } from '../text.ts';
import { Names } from './names.ts';
import { Scene } from './scene.ts';
import { type Remark, remarksOn } from './story.ts';

/** Shows a brief being made. `end` leaves the terminal as it was found. */
export interface Watch {
  see(event: BriefEvent): void;
  end(): void;
}

const CSI = '\x1b[';
/** No cursor, and long lines are cut off: a wrapped line would spoil the count of lines to go back. */
const BEGIN = `${CSI}?25l${CSI}?7l`;
const END = `${CSI}?7h${CSI}?25h`;
const CLEAR_LINE = `${CSI}K`;
const CLEAR_DOWN = `${CSI}J`;
/** Least time between two redraws, ms. */
const REDRAW_MS = 80;
const COLUMNS = 80;

/** On a terminal a few lines that are redrawn below what happened; elsewhere what happened, line by line; or nothing. */
export function watch(io: Io, quiet: boolean): Watch {
  if (quiet) return { see: () => undefined, end: () => undefined };
  return isLive(io, io.err) ? new LiveWatch(io) : new PlainWatch(io);
}

function styled(io: Io, { tone, text }: Remark): string {
  const paint = painter(io, io.err);
  if (tone === 'plain') return text;
  return tone === 'good' ? paint('green', text) : paint('red', text);
}

class PlainWatch implements Watch {
  readonly #io: Io;
  readonly #names = new Names();

  constructor(io: Io) {
    this.#io = io;
  }

  see(event: BriefEvent): void {
    this.#names.learn(event);
    for (const remark of remarksOn(event, this.#names)) this.#io.err.write(`${styled(this.#io, remark)}\n`);
  }

  end(): void {}
}

class LiveWatch implements Watch {
  readonly #io: Io;
  readonly #names = new Names();
  readonly #scene = new Scene();
  #drawn = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(io: Io) {
    this.#io = io;
    io.err.write(BEGIN);
  }

  see(event: BriefEvent): void {
    this.#names.learn(event);
    const remarks = remarksOn(event, this.#names);
    this.#scene.take(event, this.#names);
    const now = performance.now();
    if (remarks.length === 0 && now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const columns = (this.#io.err.columns ?? COLUMNS) - 1;
    const told = remarks.map((remark) => styled(this.#io, { ...remark, text: cut(remark.text, columns) }));
    const lines = this.#scene.lines(columns);
    const text = [...told, ...lines].map((line) => `${line}${CLEAR_LINE}\n`).join('');
    this.#io.err.write(`${this.#back()}${text}${CLEAR_DOWN}`);
    this.#drawn = lines.length;
  }

  /** Back to the first line drawn. Lines are written over, not cleared first: nothing flickers. */
  #back(): string {
    return this.#drawn === 0 ? '' : `${CSI}${this.#drawn}A\r`;
  }

  end(): void {
    const blank = `${CLEAR_LINE}\n`.repeat(this.#drawn);
    this.#io.err.write(`${this.#back()}${blank}${this.#back()}${END}`);
    this.#drawn = 0;
  }
}
