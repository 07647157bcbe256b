/**
 * Rows and tables out of HTML, with a path and a byte range for each cell:
 *
 *     // hand HTML files to the agent with { fields: [{ name: 'Price', type: 'decimal' }] }, and judge what it gives by `check`
 */
export { agent } from './agent.ts';
export { check } from './check/check.ts';
