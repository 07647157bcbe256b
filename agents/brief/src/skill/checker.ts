import { inspect } from '@canswarm/agent';
import type { Skill } from '@canswarm/ports';
import { evaluate } from '../checker/evaluate.ts';

/** The engine of seats and bystanders. */
export const checker: Skill = { evaluate, inspect };
