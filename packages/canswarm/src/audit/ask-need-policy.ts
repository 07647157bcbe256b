import { systemClock } from '@canswarm/local';
import { NeedPolicies } from '@canswarm/node';
import type { ContentStore, PolicyEngine } from '@canswarm/ports';
import { fromDagJson, isMap, toDagJson, utf8 } from '@canswarm/protocol';
import { needPolicies } from '../policy/network-policies.ts';
import type { AskedOfNeed, ExplainedPolicy } from './explain.ts';

const ASK_MS = 20_000;

/** Asks the policy of a need what seats asked it; or why it cannot be asked, such as that its blocks are not there. */
export async function askNeedPolicy(
  { capsule, input }: AskedOfNeed,
  content: Pick<ContentStore, 'get'>,
  engine: PolicyEngine = needPolicies,
): Promise<ExplainedPolicy | { readonly away: string }> {
  const value = fromDagJson(JSON.stringify(input));
  const text = value === undefined || !isMap(value) ? undefined : toDagJson(value);
  if (text === undefined) throw new Error('what the law kept has a line');
  const clock = systemClock();
  const policies = new NeedPolicies({ content, engine, clock });
  const answer = await policies.ask(capsule, utf8(text), clock.now() + ASK_MS);
  policies.close();
  return answer.ok ? { capsule, ...answer.decision, input } : { away: answer.why };
}
