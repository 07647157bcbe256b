/**
 * The policies that come along, as folders:
 *
 *     cpSync(basePolicy, 'my-policy', { recursive: true });
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the base policy: its Rego with tests, settings, parameters and cases, and its capsule. */
export const basePolicy: string = dirname(fileURLToPath(new URL('../base/capsule.json', import.meta.url)));
