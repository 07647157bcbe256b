/**
 * Every way in which bytes are refused (`spec/02-envelopes.md`, refusal codes). A code names the first rule that failed, in
 * the order in which the spec lists the rules; `path` says where, as field names and indices joined by dots.
 */
export type ProtocolCode =
  // codec
  | 'truncated'
  | 'trailing_bytes'
  | 'not_canonical'
  | 'unsupported_type'
  | 'integer_range'
  | 'bad_text'
  | 'bad_link'
  | 'too_deep'
  // schema
  | 'wrong_type'
  | 'unknown_field'
  | 'lacking_field'
  | 'out_of_range'
  | 'too_short'
  | 'too_long'
  | 'wrong_value'
  | 'bad_cid'
  | 'bad_did'
  | 'duplicate'
  | 'unknown_verb'
  | 'thread_mismatch'
  | 'proposal_shape'
  | 'evidence_not_allowed'
  | 'evidence_required'
  // envelope and entry
  | 'envelope_too_large'
  | 'entry_too_large'
  | 'evidence_too_large'
  | 'block_too_large'
  | 'bad_proof'
  | 'path_length'
  | 'bad_signature'
  | 'not_a_log_verb'
  | 'evidence_mismatch'
  | 'block_mismatch'
  | 'bad_credential'
  // params and genesis
  | 'params_relation'
  | 'supply_exceeded'
  | 'genesis_too_large'
  // view
  | 'line_too_large'
  | 'bad_line';

/** An expected failure. `path` is empty when the whole is meant. */
export interface Refusal {
  readonly ok: false;
  readonly code: ProtocolCode;
  readonly path: string;
}

/** Makes a refusal. */
export function refuse(code: ProtocolCode, path = ''): Refusal {
  return { ok: false, code, path };
}

/** Thrown when this node itself tries to make what everybody would refuse: a defect of the caller, never of a peer. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolCode;

  constructor(refusal: { readonly code: ProtocolCode; readonly path: string }, what: string) {
    super(`${what}: ${refusal.code}${refusal.path === '' ? '' : ` at ${refusal.path}`}`);
    this.code = refusal.code;
  }
}
