import type { LoadedPolicy } from '@canswarm/ports';
import { type PolicyDecision, readVerdict } from '@canswarm/protocol';
import { PolicyFault } from './policy-fault.ts';

/** An input and what somebody wants decided about it. */
export interface PolicyCase {
  readonly name: string;
  readonly input: unknown;
  readonly allow: boolean;
}

/** An input and what was decided about it when the policy was built. */
export interface ConformanceCase {
  readonly name: string;
  readonly input: unknown;
  readonly decision: PolicyDecision;
}

const CASES_MAX = 1024;

const encoder = new TextEncoder();

/** An input as engines get it. */
export const inputBytes = (input: unknown): Uint8Array => encoder.encode(JSON.stringify(input));

export function casesOf(json: unknown, file: string): PolicyCase[] {
  return listOf(json, file).map(({ name, input, allow }) => {
    if (typeof allow !== 'boolean') throw malformed(file, `the case "${name}" does not say whether it is allowed`);
    return { name, input, allow };
  });
}

export function conformanceOf(json: unknown, file: string): ConformanceCase[] {
  return listOf(json, file).map(({ name, input, decision }) => {
    const { gasUsed, ...said } = (decision ?? {}) as { readonly gasUsed?: unknown };
    const verdict = readVerdict(said);
    if (verdict === undefined || typeof gasUsed !== 'number' || !Number.isSafeInteger(gasUsed)) {
      throw malformed(file, `the case "${name}" has no decision`);
    }
    return { name, input, decision: { ...verdict, gasUsed } };
  });
}

interface AnyCase {
  readonly name: string;
  readonly input: unknown;
  readonly allow?: unknown;
  readonly decision?: unknown;
}

function listOf(json: unknown, file: string): AnyCase[] {
  const cases: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'cases') : undefined;
  if (!Array.isArray(cases) || cases.length > CASES_MAX)
    throw malformed(file, `it has no list of at most ${CASES_MAX} cases`);
  const names = new Set<string>();
  return cases.map((one: unknown) => {
    const fields = (typeof one === 'object' && one !== null ? one : {}) as Readonly<Record<string, unknown>>;
    const { name, input } = fields;
    if (typeof name !== 'string' || name === '' || input === undefined || names.has(name)) {
      throw malformed(file, 'each case has a name of its own and an input');
    }
    names.add(name);
    return { name, input, allow: fields['allow'], decision: fields['decision'] };
  });
}

const malformed = (file: string, what: string): PolicyFault =>
  new PolicyFault('malformed', `${file}: ${what}`, '', 'Mend it, or begin anew with: canswarm policy init DIR');

/** What the policy decides about each. */
export async function decideAll(
  policy: LoadedPolicy,
  cases: readonly { readonly input: unknown }[],
): Promise<PolicyDecision[]> {
  const decisions: PolicyDecision[] = [];
  for (const { input } of cases) decisions.push(await policy.evaluate(inputBytes(input)));
  return decisions;
}
