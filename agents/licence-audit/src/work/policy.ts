import { compareText } from '@canswarm/protocol';
import { WORD_BYTES_MAX } from '../rules.ts';
import { type Atom, type Expression, readExpression } from './expression.ts';
import { isPlain, shown } from './lockfile.ts';

export type Standing = 'allowed' | 'denied' | 'unknown';

/** An entry of a list that names no one licence. */
export interface UnusableName {
  readonly what: 'allow' | 'deny';
  readonly text: string;
  readonly reason: 'licence';
}

/** What the requester allows and denies. */
export interface Policy {
  /** Null: whatever is not denied is allowed. */
  readonly allow: ReadonlySet<string> | null;
  readonly deny: ReadonlySet<string>;
  readonly unusable: readonly UnusableName[];
}

export function readPolicy(allow: readonly string[] | null, deny: readonly string[]): Policy {
  const unusable: UnusableName[] = [];
  const read = (what: UnusableName['what'], names: readonly string[]): Set<string> => {
    const forms = new Set<string>();
    for (const name of names) {
      const expression = isPlain(name, WORD_BYTES_MAX) ? readExpression(name) : undefined;
      if (expression?.kind === 'licence') forms.add(formOf(expression.atom));
      else unusable.push({ what, text: shown(name), reason: 'licence' });
    }
    return forms;
  };
  const policy = { allow: allow === null ? null : read('allow', allow), deny: read('deny', deny) };
  unusable.sort((a, b) => compareText(a.what, b.what) || compareText(a.text, b.text));
  return { ...policy, unusable };
}

const formOf = ({ base, orLater, exception }: Atom): string =>
  `${base}${orLater ? '+' : ''}${exception === null ? '' : ` WITH ${exception}`}`;

/** How an expression stands: "and" is as bad as its worse side, "or" as good as its better one. */
export function standingOf(expression: Expression, policy: Policy): Standing {
  if (expression.kind === 'licence') return standingOfAtom(expression.atom, policy);
  const sides = [standingOf(expression.left, policy), standingOf(expression.right, policy)];
  const [first, last]: [Standing, Standing] = expression.kind === 'and' ? ['denied', 'allowed'] : ['allowed', 'denied'];
  if (sides.includes(first)) return first;
  return sides.includes('unknown') ? 'unknown' : last;
}

/** The most specific entry of the lists decides; of two that are equal, the denying one. */
export function standingOfAtom(atom: Atom, { allow, deny }: Policy): Standing {
  const forms = [
    atom,
    { ...atom, orLater: false },
    { ...atom, exception: null },
    { ...atom, orLater: false, exception: null },
  ].map(formOf);
  for (const form of forms) {
    if (deny.has(form)) return 'denied';
    if (allow?.has(form) === true) return 'allowed';
  }
  return allow === null ? 'allowed' : 'unknown';
}
