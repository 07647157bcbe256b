import type { PolicyEngineCode } from '@canswarm/ports';

/** Ends an evaluation from within a function of the host. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly code: PolicyEngineCode;

  constructor(code: PolicyEngineCode, message: string) {
    super(message);
    this.code = code;
  }
}
