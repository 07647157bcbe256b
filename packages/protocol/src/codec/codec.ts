import type { DagValue } from '../cbor/value.ts';
import { type ProtocolCode, ProtocolError, type Refusal } from '../codes.ts';

/**
 * Both directions between a value of the data model and a typed value, written once. `parse` gives undefined after it told
 * the fault why; no typed value is ever undefined. `encode` trusts its input: what may be wrong is found by `checked`.
 */
export interface Codec<T> {
  parse(value: DagValue, fault: Fault): T | undefined;
  encode(typed: T): DagValue;
}

export type TypeOf<C> = C extends Codec<infer T> ? T : never;

/** Why and where a parse failed. The path is built from the inside out while the parsers return. */
export class Fault {
  code: ProtocolCode = 'wrong_type';
  path = '';

  fail(code: ProtocolCode, at = ''): undefined {
    this.code = code;
    this.path = at;
    return undefined;
  }

  within(step: string | number): undefined {
    this.path = this.path === '' ? String(step) : `${step}.${this.path}`;
    return undefined;
  }

  refusal(): Refusal {
    return { ok: false, code: this.code, path: this.path };
  }
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | Refusal;

/** Judges a value from outside. */
export function parseWith<T>(codec: Codec<T>, value: DagValue): Parsed<T> {
  const fault = new Fault();
  const typed = codec.parse(value, fault);
  return typed === undefined ? fault.refusal() : { ok: true, value: typed };
}

/** Encodes a value of our own and throws a ProtocolError if a peer would refuse it. */
export function checked<T>(codec: Codec<T>, typed: T, what: string): DagValue {
  const value = codec.encode(typed);
  const fault = new Fault();
  if (codec.parse(value, fault) === undefined) throw new ProtocolError(fault, what);
  return value;
}
