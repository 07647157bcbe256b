import type { Skill } from '@canswarm/ports';
import { evaluate } from '../checker/evaluate.ts';
import { inspect } from '../checker/inspect.ts';

/** The engine of seats and bystanders. */
export const checker: Skill = { evaluate, inspect };
