import { workshop } from '@canswarm/agent-testing';
import { agent, check } from '../../src/index.ts';

/** The agent at work, and its check. */
export const { work, reasonsAgainst } = workshop(agent, check);
