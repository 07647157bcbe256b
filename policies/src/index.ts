/**
 * The policies that come along, as folders:
 *
 *     cpSync(basePolicy, 'my-policy', { recursive: true });
 */

/** The base policy: its Rego with tests, settings, parameters and cases, and its capsule. */
export const basePolicy = new URL('../base/', import.meta.url);
