import { z } from 'zod';
import { named } from './named.ts';
import { cid, count, micro, ownPolicy, reputationBps } from './scalars.ts';

const FILES_MAX = 10_000;
const NAME_CHARS_MAX = 512;
const GOAL_CHARS_MAX = 4_096;
const CREDITS_MAX = 1e15;
const TASKS_MAX = 16;
const YEAR_MS = 366 * 24 * 3_600_000;

const anyJson = z.unknown();
const schemaObject = z.record(z.string(), z.unknown()).describe('A JSON Schema (2020-12).');

const namedFile = named(
  'NamedFile',
  z
    .strictObject({ name: z.string().min(1).max(NAME_CHARS_MAX), cid, size: count.describe('Bytes.') })
    .describe('A file that was stored before, and its name in an input or output.'),
);
const files = z.array(namedFile).max(FILES_MAX);

const module = z
  .strictObject({
    source: z.string().max(1_048_576).describe('An ES module that imports nothing.'),
    mode: z.enum(['check', 'judge', 'reexecute', 'bound']),
    boundBps: z.int().min(1).max(10_000).nullable().describe('For `bound`: basis points of its own score; else null.'),
  })
  .describe('A module that every seat runs in a sandbox (spec/12-agents.md, pinned modules).');

const example = z
  .strictObject({ input: anyJson, output: anyJson, files, outputFiles: files })
  .describe('A case that passes. Seats run it before they choose a worker.');

const verification = z.strictObject({
  checks: z.array(z.string().max(64)).max(8).describe('Certificate checks that must hold, by name.'),
  module: module.nullable(),
  example: example.nullable(),
});

const workPart = named(
  'WorkPart',
  z
    .strictObject({
      skill: z.string().min(1).max(64),
      inputSchema: schemaObject.describe('A JSON Schema (2020-12) that the input of the whole fits.'),
      outputSchema: schemaObject,
      verification,
    })
    .describe('Work that tasks of a plan may do, and how its results are to be judged.'),
);

export const workRequest = named(
  'WorkRequest',
  z
    .strictObject({
      skill: z.string().min(1).max(64),
      input: anyJson.describe('The input, any JSON that fits `inputSchema`.'),
      files: files.describe('Files that go with the input.'),
      goal: z.string().max(GOAL_CHARS_MAX).nullable().describe('What is wanted, for people.'),
      budget: z.int().min(1).max(CREDITS_MAX).describe('Most that work and seats may cost, micro-credits.'),
      deadlineMs: z.int().min(1).max(YEAR_MS).nullable().describe('Until when a result must be committed.'),
      inputSchema: schemaObject,
      outputSchema: schemaObject,
      verification,
      plan: z
        .strictObject({
          tasks: z.int().min(2).max(TASKS_MAX).describe('Tasks that a plan has at most.'),
          parts: z
            .array(workPart)
            .min(1)
            .max(TASKS_MAX - 1)
            .describe('What its tasks but the last may be.'),
        })
        .nullable()
        .describe('How planners may divide the work; null: not at all.'),
      auction: z
        .enum(['open', 'sealed'])
        .optional()
        .describe('In a sealed auction nobody sees a bid before all are made; not with a plan. Default: `open`.'),
      sealedCap: z
        .int()
        .min(1)
        .max(CREDITS_MAX)
        .optional()
        .describe(
          'Most that the work pays, micro-credits, told when bids are opened; at most what the budget leaves for it. Only in a sealed auction.',
        ),
      reputationBps: reputationBps.optional(),
      policy: ownPolicy.optional(),
    })
    .describe('Work for an agent that has the skill, and how its result is to be judged.'),
);

export const postedWork = named(
  'PostedWork',
  z
    .object({
      needId: cid,
      escrow: micro.describe('What went into escrow.'),
      waitMs: count.describe('Waiting that the rules ask for until a result is final.'),
    })
    .describe('A need that the log has taken.'),
);

export const workOutput = named(
  'WorkOutput',
  z
    .object({ value: anyJson.describe('The output.'), files: z.array(namedFile).describe('Files of the output.') })
    .describe('What an agent made: final, verified and beyond challenge.'),
);
