import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyDecision } from '@canswarm/protocol';
import { casesOf } from './conformance.ts';
import { findOpa, type RegoTests, testRego } from './opa-program.ts';
import { decisionsOf, openPolicy } from './open-policy.ts';
import { PolicyFault } from './policy-fault.ts';
import { isRegoTest, POLICY_FILES, readJson } from './policy-folder.ts';

export interface TestedCase {
  readonly name: string;
  /** What the case says. */
  readonly allow: boolean;
  readonly decision: PolicyDecision;
}

export interface PolicyTests {
  readonly cases: readonly TestedCase[];
  /** Null where they were not run: there are none, or no OPA. */
  readonly rego: RegoTests | null;
  /** Why the tests in Rego were not run. */
  readonly regoSkipped: string | null;
}

/** Decides the cases of a built policy, and runs its tests in Rego where there is OPA. Throws PolicyFault. */
export async function testPolicy(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PolicyTests> {
  const policy = openPolicy(folder);
  const file = existsSync(join(folder, POLICY_FILES.cases)) ? POLICY_FILES.cases : null;
  const cases = file === null ? [] : casesOf(readJson(folder, file), file);
  const decisions = await decisionsOf(policy, cases);
  const tested = cases.map(({ name, allow }, index) => {
    const decision = decisions[index];
    if (decision === undefined) throw new Error('each case has a decision');
    return { name, allow, decision };
  });
  return { cases: tested, ...(await regoOf(folder, env)) };
}

async function regoOf(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Pick<PolicyTests, 'rego' | 'regoSkipped'>> {
  if (!readdirSync(folder).some(isRegoTest)) {
    return { rego: null, regoSkipped: 'there are none' };
  }
  try {
    return { rego: testRego(await findOpa(env), folder), regoSkipped: null };
  } catch (error) {
    if (!(error instanceof PolicyFault) || !error.code.startsWith('opa_') || error.code === 'opa_failed') throw error;
    return { rego: null, regoSkipped: `${error.message}. ${error.todo}` };
  }
}
