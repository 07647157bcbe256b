import type { PolicyDecision } from '@canswarm/protocol';
import { decisionsOf, type OpenedPolicy, openPolicy } from './open-policy.ts';

/** An input about which two policies decide otherwise. */
export interface DiffedCase {
  readonly name: string;
  readonly before: PolicyDecision;
  readonly after: PolicyDecision;
}

export interface PolicyDiff {
  readonly before: string;
  readonly after: string;
  /** Fields of the capsules that differ, and parameters by their paths. */
  readonly fields: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** Inputs of both conformance vectors that were decided by both. */
  readonly cases: number;
  readonly decisions: readonly DiffedCase[];
}

/** How two built policies differ: in their capsules, and in what they decide about the inputs of both. Throws PolicyFault. */
export async function diffPolicies(before: string, after: string): Promise<PolicyDiff> {
  const [left, right] = [openPolicy(before), openPolicy(after)];
  const cases = inputsOf(left, right);
  const [leftDecisions, rightDecisions] = [await decisionsOf(left, cases), await decisionsOf(right, cases)];
  const decisions: DiffedCase[] = [];
  for (const [index, { name }] of cases.entries()) {
    const [one, other] = [leftDecisions[index], rightDecisions[index]];
    if (one === undefined || other === undefined) throw new Error('each case has a decision');
    if (saidBy(one) !== saidBy(other)) decisions.push({ name, before: one, after: other });
  }
  const fields: PolicyDiff['fields'][number][] = [];
  compare('', left.capsule, right.capsule, fields);
  return { before: left.cid, after: right.cid, fields, cases: cases.length, decisions };
}

/** Gas may differ where the decision does not. */
const saidBy = ({ allow, reasons }: PolicyDecision): string => JSON.stringify([allow, reasons]);

function inputsOf(left: OpenedPolicy, right: OpenedPolicy): { readonly name: string; readonly input: unknown }[] {
  const inputs = new Map<string, { name: string; input: unknown }>();
  for (const { name, input } of [...left.conformance, ...right.conformance]) {
    const key = JSON.stringify(input);
    if (!inputs.has(key)) inputs.set(key, { name, input });
  }
  return [...inputs.values()];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function compare(path: string, before: unknown, after: unknown, found: PolicyDiff['fields'][number][]): void {
  if (isMap(before) && isMap(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      compare(path === '' ? key : `${path}.${key}`, before[key], after[key], found);
    }
    return;
  }
  const [one, other] = [JSON.stringify(before) ?? 'absent', JSON.stringify(after) ?? 'absent'];
  if (one !== other) found.push({ path, before: one, after: other });
}
