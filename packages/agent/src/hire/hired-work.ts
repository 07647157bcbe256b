import type { Micro, NeedId } from '@canswarm/protocol';
import { HireError } from './hire-error.ts';
import type { FileMap, PostedWork, ProofOptions, WorkDesk, WorkEvent, WorkOutput, WorkState } from './work-desk.ts';

/** Events kept for those who look later; more are told as they come and then let go. */
const EVENTS_MAX = 10_000;

/**
 * Work that was hired. Iterating tells its story from the beginning until its last seat is paid; any number may iterate. `result`
 * resolves once the result is final, which means verified and beyond challenge.
 */
export class HiredWork<Out> implements AsyncIterable<WorkEvent> {
  readonly id: NeedId;
  /** Micro-credits in escrow. */
  readonly escrow: Micro;
  /** Waiting that the rules ask for until a result is final, ms; work and votes come on top. */
  readonly waitMs: number;
  readonly #desk: WorkDesk;
  readonly #events: WorkEvent[] = [];
  readonly #looking = new Set<() => void>();
  readonly #stop = new AbortController();
  #first = 0;
  #follows = false;
  #over = false;
  #lost: unknown = null;

  constructor(desk: WorkDesk, { need, escrow, waitMs }: PostedWork) {
    this.#desk = desk;
    this.id = need;
    this.escrow = escrow;
    this.waitMs = waitMs;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WorkEvent> {
    this.#follow();
    for (let at = 0; ; at += 1) {
      while (at >= this.#first + this.#events.length) {
        if (this.#lost !== null) throw this.#lost;
        if (this.#over) return;
        await new Promise<void>((wake) => this.#looking.add(wake));
      }
      at = Math.max(at, this.#first);
      const event = this.#events[at - this.#first];
      if (event !== undefined) yield event;
    }
  }

  state(): Promise<WorkState> {
    return this.#desk.state(this.id);
  }

  /** The output's value. Rejects with a HireError `not_done` that says why there is none. */
  async result(): Promise<Out> {
    return (await this.output()).value as Out;
  }

  /** The output with its files, once it is final. */
  async output(): Promise<WorkOutput> {
    await this.#until(({ stage, reason }) => stage === 'final' || reason !== null);
    return this.#desk.output(this.id);
  }

  /** A file of the output, once it is final. */
  async file(name: string): Promise<Uint8Array> {
    await this.output();
    return this.#desk.file(this.id, name);
  }

  /**
   * What lets a stranger check the result offline, once the last seat is paid: files by path, those of `proof/` and what it proves beside
   * it. `writeProof(folder, files)` of canswarm writes them, `canswarm verify` checks them.
   */
  async proof(options: ProofOptions = { includeSources: false }): Promise<FileMap> {
    await this.#until(({ settled, reason }) => settled || reason !== null);
    return this.#desk.proof(this.id, options);
  }

  /** Takes the work back while nobody is at it. Rejects when somebody is. */
  async cancel(): Promise<void> {
    await this.#desk.cancel(this.id);
  }

  /** Stops following; the work goes on. */
  close(): void {
    this.#stop.abort();
  }

  async #until(done: (state: WorkState) => boolean): Promise<void> {
    for (;;) {
      const state = await this.state();
      if (done(state)) {
        if (state.reason === null || state.stage === 'final') return;
        throw new HireError('not_done', this.#whyNot(state.reason), 'What was not spent came back.');
      }
      await this.#next();
    }
  }

  /** Why it ended, and what workers and seats said on the way. */
  #whyNot(reason: string): string {
    const said = this.#events.flatMap((event) =>
      event.type === 'entry'
        ? event.reasons.map((why) => `${event.verb === 'YIELD' ? event.name : 'seats'}: ${why}`)
        : [],
    );
    return [`the need ended without a result: ${reason}`, ...new Set(said)].join('; ');
  }

  /** Resolves when something more happened. Rejects when nothing more can be heard. */
  async #next(): Promise<void> {
    this.#follow();
    if (this.#lost !== null) throw this.#lost;
    if (this.#over)
      throw new HireError('gone', 'nothing more is heard of the need', 'Ask its node: canswarm need show');
    await new Promise<void>((wake) => this.#looking.add(wake));
  }

  #follow(): void {
    if (this.#follows) return;
    this.#follows = true;
    const listen = async (): Promise<void> => {
      for await (const event of this.#desk.events(this.id, this.#stop.signal)) {
        this.#events.push(event);
        if (this.#events.length > EVENTS_MAX) {
          this.#events.shift();
          this.#first += 1;
        }
        this.#wake();
      }
    };
    listen()
      .catch((error: unknown) => {
        this.#lost = error;
      })
      .finally(() => {
        this.#over = true;
        this.#wake();
      });
  }

  #wake(): void {
    const looking = [...this.#looking];
    this.#looking.clear();
    for (const wake of looking) wake();
  }
}
