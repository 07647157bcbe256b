import { z } from 'zod';
import {
  agentUpdate,
  attachedAgent,
  attachRequest,
  foundAgents,
  heard,
  jobLine,
  jobOutcome,
  jobProgress,
  sessionEvents,
} from '../schemas/agent.ts';
import { JSON_BYTES_MAX, SOON_MS } from './limits.ts';
import type { Operation } from './operation.ts';

const session = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .describe('As it was given when the agent was attached.');
const jobId = z.string().regex(/^[0-9]{1,15}$/);
const MANIFEST_BYTES_MAX = 524_288;
/** An agent that is new has four entries to come through the log. */
const ATTACH_MS = 150_000;

/** Agents that take part through the node. */
export const AGENT_OPERATIONS = {
  findAgents: {
    method: 'GET',
    path: '/v1/agents',
    tag: 'agents',
    summary: 'Agents of this node and of the peers that it is connected with.',
    auth: 'bearer',
    query: { query: z.string().max(256).default('').describe('Words that name, description or skills must have.') },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: foundAgents },
    errors: [],
  },
  attachAgent: {
    method: 'POST',
    path: '/v1/agents',
    tag: 'agents',
    summary: 'Let an agent of the owner take part through this node.',
    description:
      'A new one gets a key, credits of the organisation and a membership; one that was here before goes on. Its process then follows the events of the session: when that ends, what it held is given back.',
    auth: 'bearer',
    body: { kind: 'json', schema: attachRequest, bytesMax: MANIFEST_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: ATTACH_MS,
    answer: { kind: 'json', status: 201, schema: attachedAgent },
    errors: ['refused', 'agent_attached', 'storage'],
  },
  updateAgent: {
    method: 'PUT',
    path: '/v1/sessions/{session}/manifest',
    tag: 'agents',
    summary: 'Say what an attached agent is after its code was changed.',
    auth: 'bearer',
    params: { session },
    body: { kind: 'json', schema: agentUpdate, bytesMax: MANIFEST_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: heard },
    errors: ['not_found'],
  },
  sessionEvents: {
    method: 'GET',
    path: '/v1/sessions/{session}/events',
    tag: 'agents',
    summary: 'Work for an attached agent, and what the log says of it.',
    description: 'Its end ends the session, and jobs under way are given back. It is followed once.',
    auth: 'bearer',
    params: { session },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'events', status: 200, events: sessionEvents },
    errors: ['not_found', 'agent_attached'],
  },
  jobProgress: {
    method: 'POST',
    path: '/v1/sessions/{session}/jobs/{id}/progress',
    tag: 'agents',
    summary: 'How far a job is; who hired sees it.',
    auth: 'bearer',
    params: { session, id: jobId },
    body: { kind: 'json', schema: jobProgress, bytesMax: JSON_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: heard },
    errors: ['not_found'],
  },
  jobLine: {
    method: 'POST',
    path: '/v1/sessions/{session}/jobs/{id}/lines',
    tag: 'agents',
    summary: 'A line about a job for the log of the node.',
    auth: 'bearer',
    params: { session, id: jobId },
    body: { kind: 'json', schema: jobLine, bytesMax: JSON_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: heard },
    errors: ['not_found'],
  },
  settleJob: {
    method: 'POST',
    path: '/v1/sessions/{session}/jobs/{id}/outcome',
    tag: 'agents',
    summary: 'How a job ended.',
    description: 'Every block of a result must be stored before. A job that nobody waits for any more is nothing.',
    auth: 'bearer',
    params: { session, id: jobId },
    body: { kind: 'json', schema: jobOutcome, bytesMax: JSON_BYTES_MAX },
    arrivalMs: SOON_MS,
    answerMs: SOON_MS,
    answer: { kind: 'json', status: 200, schema: heard },
    errors: ['not_found'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
