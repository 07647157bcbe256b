import type { LogVerb, Micro } from '@canswarm/protocol';

/** An entry was not sent: its key has less than its place in the log costs. The law would refuse it and take what is there. */
export class LogFeeError extends Error {
  override readonly name = 'LogFeeError';
  readonly verb: LogVerb;
  readonly free: Micro;
  readonly fee: Micro;

  constructor({ verb, free, fee }: Pick<LogFeeError, 'verb' | 'free' | 'fee'>) {
    super(`${verb} costs ${fee} micro-credits of log space, and its key has ${free}`);
    this.verb = verb;
    this.free = free;
    this.fee = fee;
  }
}
