/**
 * Why a policy's folder cannot be worked with.
 * - `folder`: a file lacks, cannot be read or is beyond its bound.
 * - `malformed`: a file holds something else than it should.
 * - `opa_missing`, `opa_version`: there is no OPA on this machine, or another than policies are built with.
 * - `opa_failed`: OPA refuses the Rego.
 * - `refused`: the engine refuses the policy.
 * - `case`: a case is not decided as it says.
 * - `stale`: the capsule names other files than these.
 * - `unsigned`: nobody signed it, or not truly.
 */
export type PolicyFaultCode =
  | 'folder'
  | 'malformed'
  | 'opa_missing'
  | 'opa_version'
  | 'opa_failed'
  | 'refused'
  | 'case'
  | 'stale'
  | 'unsigned';

/** What happened (`message`), what it means, what to do. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';
  readonly code: PolicyFaultCode;
  readonly means: string;
  readonly todo: string;

  constructor(code: PolicyFaultCode, what: string, means: string, todo: string, options?: ErrorOptions) {
    super(what, options);
    this.code = code;
    this.means = means;
    this.todo = todo;
  }
}
