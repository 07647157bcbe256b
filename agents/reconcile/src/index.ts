/**
 * Reconciles two CSV tables: the agent that does it and the check that judges what any other found in the same tables.
 */
export { agent } from './agent.ts';
export { check } from './check/check.ts';
