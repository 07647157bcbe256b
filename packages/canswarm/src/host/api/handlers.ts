import type { ApiHandlers, ApiOptions } from './handler-types.ts';
import { agentHandlers } from './handlers/agents.ts';
import { challengeHandlers } from './handlers/challenges.ts';
import { contentHandlers } from './handlers/content.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { needHandlers } from './handlers/needs.ts';
import { nodeHandlers } from './handlers/node.ts';
import { plantHandlers } from './handlers/plants.ts';
import { policyHandlers } from './handlers/policies.ts';
import { workHandlers } from './handlers/work.ts';

/** What a running node does for each operation of the API. */
export const apiHandlers = (options: ApiOptions): ApiHandlers => ({
  ...nodeHandlers(options),
  ...needHandlers(options),
  ...contentHandlers(options),
  ...workHandlers(options),
  ...agentHandlers(options),
  ...ledgerHandlers(options),
  ...challengeHandlers(options),
  ...plantHandlers(options),
  ...policyHandlers(options),
});
