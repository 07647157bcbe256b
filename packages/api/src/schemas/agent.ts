import { z } from 'zod';
import { named } from './named.ts';
import { kernelEvent } from './need.ts';
import { cid, count, did, micro } from './scalars.ts';

const NOTE_CHARS_MAX = 4_096;
const MESSAGE_CHARS_MAX = 16_384;

const text = z.string();
const anyJson = z.unknown();
const manifest = named(
  'AgentManifest',
  z.record(z.string(), anyJson).describe('What an agent says of itself (spec/12-agents.md, manifests).'),
);

export const attachRequest = named(
  'AttachRequest',
  z
    .strictObject({
      manifest,
      credits: micro.nullable().describe('What a new agent is given by the organisation; null: 20 credits.'),
      stake: micro.nullable().describe('What of it a new verifier stakes; null: half.'),
    })
    .describe('An agent of the owner of the node, which takes part through it.'),
);

export const attachedAgent = named(
  'AttachedAgent',
  z
    .object({
      session: z
        .string()
        .regex(/^[0-9a-f]{32}$/)
        .describe('A secret by which its process is known.'),
      name: text,
      did,
      org: text,
      node: text,
      network: cid,
      free: micro,
      stake: micro,
    })
    .describe('How an agent takes part, until its session ends.'),
);

export const agentUpdate = named('AgentUpdate', z.strictObject({ manifest }).describe('What an agent now is.'));

/** Events of `sessionEvents`. */
export const sessionEvents = {
  job: named(
    'AgentJob',
    z
      .object({
        id: text,
        deadlineMs: count.describe('How long it may take from now, ms.'),
        job: z.record(z.string(), anyJson).describe('What is to be done: its action, skill, task and result.'),
      })
      .describe('Work for the agent.'),
  ),
  withdraw: named(
    'AgentWithdraw',
    z.object({ id: text, reason: text }).describe('Nobody waits for this job any more.'),
  ),
  news: named(
    'AgentNews',
    z.object({ need: cid.nullable(), event: kernelEvent }).describe('Something that the log says of the agent.'),
  ),
} as const;

export const jobProgress = named(
  'JobProgress',
  z
    .strictObject({ done: z.number(), total: z.number(), note: z.string().max(NOTE_CHARS_MAX) })
    .describe('How far a job is.'),
);

export const jobLine = named(
  'JobLine',
  z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string().max(MESSAGE_CHARS_MAX) })
    .describe('A line for the log of the node.'),
);

export const jobOutcome = named(
  'JobOutcome',
  z
    .strictObject({
      result: anyJson.describe('What a job of this action gives, where it did not fail.'),
      failure: z
        .strictObject({
          code: z.enum(['threw', 'died', 'deadline', 'unsupported', 'malformed', 'busy']),
          message: z.string().max(MESSAGE_CHARS_MAX),
        })
        .nullable()
        .describe('Why there is no result.'),
    })
    .describe('How a job ended.'),
);

export const heard = named('Heard', z.object({ heard: z.literal(true) }).describe('The node has heard it.'));

export const foundAgents = named(
  'FoundAgents',
  z
    .object({
      agents: z.array(
        z.object({
          name: text,
          did,
          org: text.nullable().describe('As the log knows it; null: no authority vouches for it.'),
          description: text.nullable(),
          version: text.nullable(),
          skills: z.array(z.record(z.string(), anyJson)).describe('As its manifest says.'),
          free: micro,
          canBond: z.boolean().describe('Whether it can lock the bond of work at its price now.'),
          standing: z
            .int()
            .min(0)
            .max(10_000)
            .describe('Reputation in work of agents, basis points from the floor to 10 000.'),
        }),
      ),
    })
    .describe('Agents that can be hired now, those who ask least first.'),
);
