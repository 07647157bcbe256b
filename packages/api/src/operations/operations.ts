import { AGENT_OPERATIONS } from './agent-operations.ts';
import { CHALLENGE_OPERATIONS } from './challenge-operations.ts';
import { CONTENT_OPERATIONS } from './content-operations.ts';
import { LEDGER_OPERATIONS } from './ledger-operations.ts';
import { NEED_OPERATIONS } from './need-operations.ts';
import { NODE_OPERATIONS } from './node-operations.ts';
import type { Operation } from './operation.ts';
import { PLANT_OPERATIONS } from './plant-operations.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';

/** Everything a node does when it is asked over HTTP. One entry here and one handler make an operation. */
export const OPERATIONS = {
  ...NODE_OPERATIONS,
  ...NEED_OPERATIONS,
  ...AGENT_OPERATIONS,
  ...LEDGER_OPERATIONS,
  ...CHALLENGE_OPERATIONS,
  ...PLANT_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...CONTENT_OPERATIONS,
} as const satisfies Readonly<Record<string, Operation>>;

export type Operations = typeof OPERATIONS;
export type OperationId = keyof Operations;
export const OPERATION_IDS = Object.keys(OPERATIONS) as readonly OperationId[];

/** An operation, whatever its form. */
export const operationOf = (id: OperationId): Operation => OPERATIONS[id];
