import type { Did, LogVerb, Micro } from '@canswarm/protocol';

/** An entry was not sent: its key has less than its place in the log costs. The law would refuse it and take what is there. */
export class LogFeeError extends Error {
  override readonly name = 'LogFeeError';
  readonly did: Did;
  readonly verb: LogVerb;
  readonly free: Micro;
  readonly fee: Micro;

  constructor({ did, verb, free, fee }: Pick<LogFeeError, 'did' | 'verb' | 'free' | 'fee'>) {
    super(`${verb} costs ${fee} micro-credits of log space, and its key has ${free}`);
    this.did = did;
    this.verb = verb;
    this.free = free;
    this.fee = fee;
  }
}
