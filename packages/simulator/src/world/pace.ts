import type { Clock, DecisionLog, MessageHandler, Transport } from '@canswarm/ports';

/** What a machine does at a time: a task of its clock, a message, an answer, records of the log. */
export type Step = () => void;

/**
 * How fast a machine is in one life. A slow one does each step later than it is due, in the order in which they were due. What it is
 * called for in the meantime waits, and its clock goes on.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #run: (step: Step) => void;
  #lagMs = 0;
  /** When the last step that waits is done. */
  #lastAt = 0;
  #isOver = false;

  /** `run` does a step that is due. */
  constructor(clock: Clock, run: (step: Step) => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** From now on steps are done so much later; 0: when they are due, but after those that wait. */
  slow(lagMs: number): void {
    this.#lagMs = lagMs;
  }

  /** The machine is dead: nothing is done any more. */
  end(): void {
    this.#isOver = true;
  }

  do(step: Step): void {
    if (this.#isOver) return;
    const now = this.#clock.now();
    const at = Math.max(this.#lastAt, now + this.#lagMs);
    if (at <= now) return this.#run(step);
    this.#lastAt = at;
    this.#clock.schedule(at - now, () => {
      if (!this.#isOver) this.#run(step);
    });
  }

  /** The clock of the machine, whose tasks are steps. */
  clock(own: Clock): Clock {
    return {
      now: () => own.now(),
      schedule: (delayMs, task) => {
        let isOver = false;
        const cancel = own.schedule(delayMs, () => this.do(() => (isOver ? undefined : task())));
        return () => {
          isOver = true;
          cancel();
        };
      },
    };
  }

  /** Its way to the others: what comes in is a step. */
  transport(transport: Transport): Transport {
    return {
      ...transport,
      subscribe: (topic, handler) => {
        let isOver = false;
        const later: MessageHandler = (message, from) => {
          this.do(() => (isOver ? undefined : void handler(message, from)));
          return 'ignore';
        };
        const unsubscribe = transport.subscribe(topic, later);
        return () => {
          isOver = true;
          unsubscribe();
        };
      },
      serve: (protocol, handler) =>
        transport.serve(protocol, async (request, from) => {
          await this.#turn();
          return handler(request, from);
        }),
      request: async (peer, protocol, request, options) => {
        const answer = await transport.request(peer, protocol, request, options);
        await this.#turn();
        return answer;
      },
    };
  }

  /** Its way to the log: records that come are a step. */
  log(log: DecisionLog): DecisionLog {
    return {
      append: (shard, entries) => log.append(shard, entries),
      follow: (shard, after, onRecords) =>
        log.follow(shard, after, async (records) => {
          await this.#turn();
          await onRecords(records);
        }),
      head: (shard) => log.head(shard),
      close: () => log.close(),
    };
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.do(resolve));
  }
}
