/**
 * Every way in which bytes are refused, as `spec/02-envelopes.md` explains them. A code names the first rule that failed, in
 * the order in which the spec lists the rules.
 */
export const PROTOCOL_CODES = [
  // codec
  'truncated',
  'trailing_bytes',
  'not_canonical',
  'unsupported_type',
  'integer_range',
  'bad_text',
  'bad_link',
  'too_deep',
  // schema
  'wrong_type',
  'lacking_field',
  'unknown_field',
  'wrong_value',
  'out_of_range',
  'too_short',
  'too_long',
  'duplicate',
  'bad_did',
  'unknown_verb',
  'thread_mismatch',
  'evidence_required',
  'evidence_not_allowed',
  'proposal_shape',
  // envelope
  'envelope_too_large',
  'bad_proof',
  'path_length',
  'bad_signature',
  // entry
  'entry_too_large',
  'evidence_too_large',
  'not_a_log_verb',
  'evidence_mismatch',
  'block_too_large',
  'block_mismatch',
  'bad_credential',
  // genesis and params
  'genesis_too_large',
  'params_relation',
  'supply_exceeded',
  // lines
  'line_too_large',
  'bad_line',
] as const;

export type ProtocolCode = (typeof PROTOCOL_CODES)[number];

/** An expected failure. `path` says where, as field names and indices joined by dots; it is empty when the whole is meant. */
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
