import { PolicyError } from '@canswarm/ports';
import { shown } from '../compile-policy.ts';
import { sprintf } from './sprintf.ts';

/** A function of the host that policies may call: pure, the same everywhere. */
export interface Builtin {
  /** Gas for arguments of so many UTF-16 units of JSON text. */
  readonly gas: (units: number) => number;
  /** Gives undefined where Rego's is undefined. Arguments are of any kind. */
  readonly run: (values: readonly unknown[]) => unknown;
}

/** Units of gas for calling out at all. */
const CALL_GAS = 200;
/** Units of gas for each unit of text. */
const UNIT_GAS = 4;

const perUnit = (run: Builtin['run']): Builtin => ({ gas: (units) => CALL_GAS + UNIT_GAS * units, run });

const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ['sprintf', perUnit(sprintf)],
  ['strings.count', perUnit(countOf)],
]);

/** The builtins that a host has. OPA's compiler puts most others into the module itself. */
export const HOST_BUILTINS: readonly string[] = [...BUILTINS.keys()];

/** What gives another answer elsewhere or later, and reaches out. */
const NOT_ALIKE = /^(time|http|rand|uuid|net|opa|io|providers|rego|crypto|trace$)/;

/** The builtin of that name. Throws PolicyError when it is not listed, or no policy may have it. */
export function builtinOf(name: string, allowed: readonly string[]): Builtin {
  const builtin = BUILTINS.get(name);
  if (builtin === undefined) {
    const why = NOT_ALIKE.test(name) ? 'would not give the same everywhere' : 'is none of a host';
    throw new PolicyError(
      'builtin',
      `the policy calls "${shown(name)}", which ${why}; there are: ${HOST_BUILTINS.join(', ')}`,
    );
  }
  if (!allowed.includes(name)) {
    throw new PolicyError('builtin', `the policy calls "${name}", which it does not list among its builtins`);
  }
  return builtin;
}

/** `strings.count(text, part)`. */
function countOf([text, part]: readonly unknown[]): unknown {
  if (typeof text !== 'string' || typeof part !== 'string') return undefined;
  return part === '' ? [...text].length + 1 : text.split(part).length - 1;
}
