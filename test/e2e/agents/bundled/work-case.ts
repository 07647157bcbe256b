import type { JsonValue } from '@canswarm/ports';

/** A piece of work for a bundled agent, and how it must end. */
export interface WorkCase {
  readonly name: string;
  readonly skill: string;
  readonly input: JsonValue;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** Final with a value whose JSON shows this, or refunded for a reason that shows this. */
  readonly ends: 'final' | 'refunded';
  readonly shows: RegExp;
  /** Run for every change, not only in full. */
  readonly slice: boolean;
}

/** Whatever came of it, it is final. */
export const ANYTHING = /^/;
