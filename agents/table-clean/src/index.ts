/**
 * Cleans CSV tables with a log of every change: the agent that does it and the check that judges what any other made of the same
 * table.
 */
export { agent } from './agent.ts';
export { check } from './check/check.ts';
