import { z } from 'zod';
import { named } from './named.ts';
import { PROBLEM_CODES } from './problem-codes.ts';

export const problem = named(
  'Problem',
  z
    .object({
      code: z.enum(PROBLEM_CODES).describe('What happened, for programs.'),
      message: z.string().describe('What happened, for people.'),
      hint: z.string().describe('What to do; may be empty.'),
    })
    .describe('Why a request failed.'),
);

/** Why a request failed, as it is answered. */
export type ProblemBody = z.infer<typeof problem>;
